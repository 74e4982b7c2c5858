import type { Redis } from 'ioredis';
import { statusKey } from '../../streams/keys.ts';

/** Has a service say how it stands as its heartbeat would, which does not run out where this process is late. */
export async function lastingStatus(redis: Redis, service: string, status: object = {}): Promise<void> {
  await redis.set(statusKey(service), JSON.stringify(status));
}
