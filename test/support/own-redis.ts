import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { ensureServers, runningServers, stopServers } from '../../infra/servers/servers.ts';
import { testHome } from './servers.ts';

/** A Redis of one test alone, to be stalled and killed. */
export interface OwnRedis {
  readonly url: string;
  readonly pid: () => number;
  /** Starts it again, once it was killed: at the same port. */
  readonly start: () => Promise<void>;
}

/** Runs a test with a Redis of its own, whose acknowledged writes outlive a kill. */
export async function withOwnRedis(run: (redis: OwnRedis) => Promise<void>): Promise<void> {
  const home = testHome();
  const start = async (): Promise<string> => {
    const { redisUrl } = await ensureServers({ home, want: ['redis'], env: {} });
    const redis = await connectRedis(redisUrl!);
    // Under everysec Redis puts a write off, and acknowledges it, for up to 2 s while a disk is slow: a kill loses that.
    await redis.config('SET', 'appendfsync', 'always');
    redis.disconnect();
    return redisUrl!;
  };
  const url = await start();
  try {
    await run({
      url,
      pid: () => runningServers(home).find(({ name }) => name === 'redis')!.pid,
      start: async () => {
        assert.is(await start(), url, 'the same port again');
      },
    });
  } finally {
    await stopServers(home);
  }
}
