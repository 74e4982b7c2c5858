import type { Redis } from 'ioredis';

const TAKE_BACK = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** Deletes a key that still holds what was written there: what another has written stays. */
export async function takeBack(redis: Redis, key: string, written: string): Promise<void> {
  await redis.eval(TAKE_BACK, 1, key, written);
}
