import { connectRedis } from '../../../infra/redis.ts';
import { tradeAccount } from '../../../services/trader/trade-account.ts';

/** Trades for one account as a process that can be killed. */

const [redisUrl = '', account = ''] = process.argv.slice(2);
const [redis, tailRedis] = [await connectRedis(redisUrl), await connectRedis(redisUrl)];
tradeAccount({
  redis,
  tailRedis,
  account,
  log: (level, message, detail) => process.stderr.write(`${JSON.stringify({ level, message, ...detail })}\n`),
});
process.stdout.write('ready\n');
