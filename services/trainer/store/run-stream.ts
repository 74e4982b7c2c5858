import type { Redis } from 'ioredis';
import { runKey } from '../../../streams/keys.ts';
import type { RunEvent } from './run-record.ts';

/** About so many events of a run are kept, for so long after the last. */
const EVENTS_MAX = 20_000;
const KEPT_SECONDS = 86_400;

/** Tells of a run on its stream, for whoever follows the topic `run:ID`. */
export async function tellRun(redis: Redis, id: string, events: readonly RunEvent[]): Promise<void> {
  const key = runKey(id);
  const pipeline = redis.pipeline();
  for (const event of events)
    pipeline.xadd(key, 'MAXLEN', '~', EVENTS_MAX, '*', 'run', JSON.stringify({ i: 0, ...event }));
  pipeline.expire(key, KEPT_SECONDS);
  const failed = (await pipeline.exec())?.find(([error]) => error !== null)?.[0];
  if (failed) throw failed;
}
