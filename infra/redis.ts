import { Redis } from 'ioredis';
import { ServerUnreachable } from './setup-error.ts';
import { keepCommandsYoung } from './short-lived-commands.ts';

keepCommandsYoung();

// ioredis 6.0.0 never settles a command whose reply was lost unless it has a time limit (redis.md 2.6).
const COMMAND_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5_000;

export interface RedisConnection {
  /** For a connection that waits in XREAD BLOCK: no time limit on commands; `follow` has its own. */
  readonly blocking?: boolean;
  /** For BullMQ's worker, whose scripts do no harm when they are sent twice: they wait for the connection and are sent again. */
  readonly patient?: boolean;
}

/**
 * Connects to Redis and resolves once it answers. It reconnects by itself; commands are not sent again after a lost
 * connection, since only the caller knows whether a repeat does harm.
 * @throws ServerUnreachable saying where it was looked for and what to do.
 */
export async function connectRedis(
  url: string,
  { blocking = false, patient = false }: RedisConnection = {},
): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...(patient ? { maxRetriesPerRequest: null } : { autoResendUnfulfilledCommands: false }),
    ...(blocking || patient ? {} : { commandTimeout: COMMAND_TIMEOUT_MS }),
  });
  // Without a listener ioredis writes every lost connection to the console; the commands that fail say it as well.
  redis.on('error', () => {});
  let cause: Error | undefined;
  const remember = (error: Error) => {
    cause = error;
  };
  redis.on('error', remember);
  try {
    await redis.connect();
    // Connecting succeeds before the password was judged.
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw explainRedisError(url, cause ?? error);
  } finally {
    redis.off('error', remember);
  }
}

/** One PING over a connection of its own; rejects with Redis's own error. */
export async function pingRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
  });
  redis.on('error', () => {});
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

/** The sentence for a Redis that cannot be used. */
export function explainRedisError(url: string, error: unknown): ServerUnreachable {
  const text = error instanceof Error ? error.message : String(error);
  const advice = /WRONGPASS|NOAUTH|AUTH/.test(text)
    ? 'it refuses the password: correct the one in DON_REDIS_URL (redis://:PASSWORD@HOST:PORT/0)'
    : /ECONNREFUSED|ENOENT/.test(text)
      ? 'nothing listens there: start it, correct DON_REDIS_URL, or unset it so that Don starts one of its own'
      : `${text}: see that DON_REDIS_URL names a Redis that this machine can reach`;
  return new ServerUnreachable(`Redis at ${describeRedis(url)} cannot be used: ${advice}.`, { cause: error });
}

function describeRedis(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return 'DON_REDIS_URL';
  }
}
