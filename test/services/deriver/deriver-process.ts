import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { LIVE, rawKey, statusKey } from '../../../streams/keys.ts';
import { streamBounds } from '../../../streams/stream-bounds.ts';
import { type ServiceProcess, type ServiceServers, startService } from '../service-process.ts';

export type DeriverServers = ServiceServers;

/** A deriver in a process of its own. */
export type DeriverProcess = ServiceProcess;

export function startDeriver(
  servers: DeriverServers,
  instruments: readonly string[],
  env: Readonly<Record<string, string>> = {},
): DeriverProcess {
  return startService('deriver', servers, instruments, env);
}

/** Waits until the deriver has seen the last entry of the instrument's log, by its heartbeat. */
export async function untilDerived(
  redis: Redis,
  instrument: string,
  { child }: DeriverProcess,
  waitMs = 60_000,
): Promise<void> {
  const { lastId } = await streamBounds(redis, rawKey(instrument, LIVE));
  let found: unknown;
  for (const untilMs = Date.now() + waitMs; Date.now() < untilMs; await sleep(50)) {
    const beat = JSON.parse((await redis.get(statusKey('deriver'))) ?? '{}');
    if (beat.pid !== child.pid) continue;
    found = beat.instruments.find((item: { instrument: string }) => item.instrument === instrument)?.lastEntryId;
    if (found === lastId) return;
  }
  throw new Error(`expected the deriver at ${lastId} within ${waitMs} ms, found it at ${found}`);
}
