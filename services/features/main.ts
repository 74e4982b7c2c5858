import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../infra/config.ts';
import { connectRedis } from '../../infra/redis.ts';
import { required, runAsService, type Service } from '../../infra/service.ts';
import { PAIR_V1 } from '../../operators/features/sets/pair-v1.ts';
import { writeStatus } from '../../streams/status.ts';
import { createFeatureSupervisor } from './custom/feature-supervisor.ts';
import { runPairs } from './pairs/run-pairs.ts';

/**
 * Features that the deriver does not derive as a process: custom ones, a thread each, so that one that does harm takes
 * nothing else with it, and those of two instruments.
 */

const STATUS_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 1_000;
const STARTED_MS = Date.now();

async function main(service: Service): Promise<void> {
  const { instruments, pairs, featureFolder: folder, ...config } = await readConfig();
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const questdbUrl = required('DON_QUESTDB_URL', config.questdbUrl);
  const { log } = service;
  const redis = await connectRedis(redisUrl);
  const supervisor =
    folder === undefined
      ? undefined
      : createFeatureSupervisor({ folder, redis, instruments, redisUrl, questdbUrl, log, say });
  async function say(): Promise<void> {
    const status = { service: 'features', pid: process.pid, startedMs: STARTED_MS, timeMs: Date.now() };
    const features = supervisor?.statuses() ?? [];
    const memoryBytes = process.memoryUsage.rss();
    const all = { ...status, memoryBytes, folder: folder ?? null, features, pairs };
    await writeStatus(redis, 'features', all).catch(() => {});
  }
  const heartbeat = setInterval(say, STATUS_EVERY_MS);
  const abort = new AbortController();
  const { signal } = abort;
  const derivingPairs =
    pairs.length === 0 ? Promise.resolve() : runPairs({ redisUrl, questdbUrl, set: PAIR_V1, pairs, log, signal });

  service.onStop(async () => {
    abort.abort();
    clearInterval(heartbeat);
    await supervisor?.stop();
    await derivingPairs.catch(() => {});
    redis.disconnect();
  });
  service.ready({ folder: folder ?? null, pairs });

  async function lookForFeatures(): Promise<void> {
    while (supervisor !== undefined && !signal.aborted) {
      // A check may take long; a file that comes meanwhile need not wait for it.
      supervisor.look().catch((error: unknown) => log('warn', `looking for features: ${String(error)}`));
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  }

  await Promise.all([derivingPairs, lookForFeatures()]);
}

runAsService('features', main);
