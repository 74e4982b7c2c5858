import { connectRedis } from '../../../../infra/redis.ts';
import { tradeAccount } from '../../../../services/trader/trade-account.ts';
import { CLOSE_WAIT_MS } from './close-wait.ts';

/** Trades live for one account as a process that can be killed. */

const [redisUrl = '', account = '', url = '', countdown = '60000'] = process.argv.slice(2);
const keys = { apiKey: process.env['DON_BINANCE_KEY']!, secret: process.env['DON_BINANCE_SECRET']! };
const [redis, tailRedis] = [await connectRedis(redisUrl), await connectRedis(redisUrl)];
tradeAccount({
  redis,
  tailRedis,
  account,
  closeWaitMs: CLOSE_WAIT_MS,
  live: { keys, restUrl: url, wsUrl: url.replace('http', 'ws'), testnet: false, countdownMs: Number(countdown) },
  log: (level, message, detail) => process.stderr.write(`${JSON.stringify({ level, message, ...detail })}\n`),
});
process.stdout.write('ready\n');
