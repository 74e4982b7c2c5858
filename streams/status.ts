import type { Redis } from 'ioredis';
import { statusKey } from './keys.ts';

/** A service that has not written for so long is down. */
const LIFETIME_MS = 5_000;

/** Writes a service's heartbeat; `status` is any JSON object. To be called once a second. */
export async function writeStatus(
  redis: Redis,
  service: string,
  status: Readonly<Record<string, unknown>>,
): Promise<void> {
  await redis.set(statusKey(service), JSON.stringify(status), 'PX', LIFETIME_MS);
}

/** The service's last heartbeat; undefined where it is down. */
export async function readStatus(
  redis: Redis,
  service: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const text = await redis.get(statusKey(service));
  return text === null ? undefined : (JSON.parse(text) as Record<string, unknown>);
}
