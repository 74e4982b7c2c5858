import type { Redis } from 'ioredis';
import { connectRedis } from '../../../infra/redis.ts';

/** Runs `use` with a connection to the test's own database, emptied, and closes it whatever happens. */
export async function withEmptyRedis<Result>(url: string, use: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = await connectRedis(url);
  try {
    await redis.flushdb();
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}
