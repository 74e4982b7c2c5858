import { readConfig } from '../../infra/config.ts';
import { connectRedis } from '../../infra/redis.ts';
import { required, runAsService, type Service } from '../../infra/service.ts';
import { accountStatusKey } from '../../streams/keys.ts';
import { listAccounts } from '../../streams/ledger.ts';
import { writeStatus } from '../../streams/status.ts';
import { type AccountThread, startAccountThread } from './account-thread.ts';
import { liveAccess } from './live/live-keys.ts';
import { openDemonstration } from './open-demonstration.ts';

/** Trading as a process: for every account that has a ledger, what its commands say. */

const STATUS_EVERY_MS = 1_000;
const STARTED_MS = Date.now();

async function main(service: Service): Promise<void> {
  const config = await readConfig();
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const live = liveAccess(config, process.env);
  const redis = await connectRedis(redisUrl);
  const threads = new Map<string, AccountThread>();
  await openDemonstration(redis, config);

  async function takeUp(): Promise<void> {
    for (const account of await listAccounts(redis)) {
      if (threads.has(account)) continue;
      threads.set(account, startAccountThread({ redis, redisUrl, account, live, log: service.log }));
    }
  }

  async function tell(): Promise<void> {
    await takeUp();
    const statuses = [...threads.values()].map((thread) => thread.status());
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
    await Promise.all([...threads.values()].map((thread) => thread.stop()));
    redis.disconnect();
  });
  service.ready({ accounts: [...threads.keys()] });
}

runAsService('trader', main);
