import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { statusKey } from '../../streams/keys.ts';
import { ImportRefusal } from './import-refusal.ts';

/** As long as a service's heartbeat: an import that was killed holds a file no longer. */
const LIFETIME_MS = 5_000;
const RENEWAL_MS = 1_000;

/**
 * Runs `work` while no other process imports the same recording.
 * @throws ImportRefusal where one does, and goes on doing so
 */
export async function withImportLock<Result>(
  redis: Redis,
  instrument: string,
  recording: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const name = createHash('sha256').update(`${instrument} ${recording}`).digest('hex').slice(0, 12);
  const key = statusKey(`importer-${name}`);
  const holder = JSON.stringify({ instrument, recording, pid: process.pid, startedAtMs: Date.now() });
  await acquire(redis, key, holder, recording);
  const renewal = setInterval(() => {
    redis.set(key, holder, 'PX', LIFETIME_MS).catch(() => {});
  }, RENEWAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await redis.del(key).catch(() => {});
  }
}

async function acquire(redis: Redis, key: string, holder: string, recording: string): Promise<void> {
  // Whoever was killed leaves the key behind for its lifetime; whoever lives renews it.
  for (const started = Date.now(); ; await sleep(200)) {
    if ((await redis.set(key, holder, 'PX', LIFETIME_MS, 'NX')) !== null) return;
    if (Date.now() - started > LIFETIME_MS + RENEWAL_MS)
      throw new ImportRefusal(
        `recording ${recording}: another process is importing it at this moment. Wait for it to end.`,
      );
  }
}
