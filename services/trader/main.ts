import type { Redis } from 'ioredis';
import { readConfig } from '../../infra/config.ts';
import { connectRedis } from '../../infra/redis.ts';
import { required, runAsService, type Service } from '../../infra/service.ts';
import { accountStatusKey } from '../../streams/keys.ts';
import { listAccounts } from '../../streams/ledger.ts';
import { writeStatus } from '../../streams/status.ts';
import { openDemonstration } from './open-demonstration.ts';
import { type AccountTrader, tradeAccount } from './trade-account.ts';

/** Trading as a process: for every account that has a ledger, what its commands say. */

const STATUS_EVERY_MS = 1_000;
const STARTED_MS = Date.now();

async function main(service: Service): Promise<void> {
  const config = await readConfig();
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const redis = await connectRedis(redisUrl);
  const traders = new Map<string, { readonly trader: AccountTrader; readonly tailRedis: Redis }>();
  await openDemonstration(redis, config);

  async function takeUp(): Promise<void> {
    for (const account of await listAccounts(redis)) {
      if (traders.has(account)) continue;
      const tailRedis = await connectRedis(redisUrl);
      traders.set(account, { trader: tradeAccount({ redis, tailRedis, account, log: service.log }), tailRedis });
    }
  }

  async function tell(): Promise<void> {
    await takeUp();
    const statuses = [...traders.values()].map(({ trader }) => trader.status());
    for (const status of statuses) await redis.set(accountStatusKey(status.account), JSON.stringify(status));
    await writeStatus(redis, 'trader', {
      service: 'trader',
      pid: process.pid,
      startedMs: STARTED_MS,
      timeMs: Date.now(),
      memoryBytes: process.memoryUsage.rss(),
      accounts: Object.fromEntries(statuses.map(({ account, state }) => [account, state])),
    });
  }

  await takeUp();
  let telling: Promise<void> = Promise.resolve();
  const heartbeat = setInterval(() => {
    telling = telling.then(tell).catch(() => {});
  }, STATUS_EVERY_MS);

  service.onStop(async () => {
    clearInterval(heartbeat);
    await telling;
    for (const { trader, tailRedis } of traders.values()) {
      await trader.stop();
      tailRedis.disconnect();
    }
    redis.disconnect();
  });
  service.ready({ accounts: [...traders.keys()] });
}

runAsService('trader', main);
