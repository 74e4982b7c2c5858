import { connectRedis } from '../../../infra/redis.ts';
import { optimise } from '../../../services/optimise/optimise.ts';
import { HALTS_AT, storedTrials, studyOf } from './recorded-study.ts';

// A study as a process, to be killed.

const [redisUrl, instrument, folder] = process.argv.slice(2) as [string, string, string];
const redis = await connectRedis(redisUrl);
const study = await studyOf(redis, instrument);
// The whole process halts in the middle, so that it is killed there however late it is.
const onProgress = (): void => {
  if (storedTrials(folder, study).length >= HALTS_AT) process.kill(process.pid, 'SIGSTOP');
};
await optimise(study, { redisUrl, folder, workers: 1, onProgress });
process.exit(0);
