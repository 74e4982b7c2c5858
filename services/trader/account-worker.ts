import { parentPort, workerData } from 'node:worker_threads';
import { connectRedis } from '../../infra/redis.ts';
import type { LogLevel } from '../../infra/service.ts';
import type { AccountStatus } from './account-status.ts';
import type { LiveAccess } from './live/live-keys.ts';
import { tradeAccount } from './trade-account.ts';

// One account as a thread: a strategy that never returns holds up nothing else.

/** What the thread is started with. */
export interface AccountWork {
  readonly redisUrl: string;
  readonly account: string;
  readonly live: LiveAccess | undefined;
}

/** What it says: how the account stands, twice a second, and what is to be logged. */
export type AccountSays =
  | { readonly type: 'status'; readonly status: AccountStatus }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string; readonly detail: object | undefined };

const STATUS_EVERY_MS = 500;

const { redisUrl, account, live }: AccountWork = workerData;
const say = (message: AccountSays): void => parentPort!.postMessage(message);
const [redis, tailRedis] = [await connectRedis(redisUrl), await connectRedis(redisUrl)];
const trader = tradeAccount({
  redis,
  tailRedis,
  account,
  live,
  log: (level, message, detail) => say({ type: 'log', level, message, detail }),
});
const tell = (): void => say({ type: 'status', status: trader.status() });
// Before a strategy is loaded, which may not return: from its first word on it must not be silent.
tell();
const telling = setInterval(tell, STATUS_EVERY_MS);

// Told anything, it ends.
parentPort!.once('message', async () => {
  clearInterval(telling);
  await trader.stop();
  redis.disconnect();
  tailRedis.disconnect();
  parentPort!.close();
});
