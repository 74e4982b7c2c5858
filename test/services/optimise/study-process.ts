import { connectRedis } from '../../../infra/redis.ts';
import { optimise } from '../../../services/optimise/optimise.ts';
import { studyOf } from './recorded-study.ts';

// A study as a process, to be killed.

const [redisUrl, instrument, folder] = process.argv.slice(2) as [string, string, string];
const redis = await connectRedis(redisUrl);
await optimise(await studyOf(redis, instrument), { redisUrl, folder, workers: 1 });
process.exit(0);
