import { lowerPriority } from '../../infra/background-priority.ts';
import { readConfig } from '../../infra/config.ts';
import { connectRedis } from '../../infra/redis.ts';
import { required, runAsService, type Service } from '../../infra/service.ts';
import { writeStatus } from '../../streams/status.ts';
import { openJobQueue } from './job-queue.ts';
import { startJobWorker } from './job-worker.ts';

/** Long work as a process: it takes jobs up and keeps the time of those that repeat. */

const STATUS_EVERY_MS = 1_000;
const STARTED_MS = Date.now();
/** So that one that takes hours holds up no other. */
const JOBS_MAX = 2;
const NIGHTLY_VERIFY = 'nightly-verify';
const NIGHTLY_WATCH = 'nightly-models-watch';

async function main(service: Service): Promise<void> {
  // Nobody waits for it.
  lowerPriority(process.pid);
  const config = await readConfig();
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const questdbUrl = required('DON_QUESTDB_URL', config.questdbUrl);
  const redis = await connectRedis(redisUrl);
  const queue = openJobQueue(redis);
  const { verifyAt } = config;
  const nightlyAt = verifyAt === 'off' ? undefined : verifyAt;
  await queue.repeatDaily(NIGHTLY_VERIFY, nightlyAt, 'verify');
  await queue.repeatDaily(NIGHTLY_WATCH, nightlyAt, 'models-watch');
  const { postgresUrl } = config;
  const worker = await startJobWorker({ redisUrl, questdbUrl, postgresUrl, jobsMax: JOBS_MAX, log: service.log });

  async function tellStatus(): Promise<void> {
    const [waiting, nextVerifyMs] = await Promise.all([queue.waiting(), queue.nextRun(NIGHTLY_VERIFY)]);
    await writeStatus(redis, 'jobs', {
      service: 'jobs',
      pid: process.pid,
      startedMs: STARTED_MS,
      timeMs: Date.now(),
      memoryBytes: process.memoryUsage.rss(),
      running: worker.running(),
      waiting,
      nextVerifyMs: nextVerifyMs ?? null,
    });
  }
  const heartbeat = setInterval(() => {
    tellStatus().catch(() => {});
  }, STATUS_EVERY_MS);

  service.onStop(async () => {
    clearInterval(heartbeat);
    await worker.stop();
    await queue.close();
    redis.disconnect();
  });
  service.ready({ verifyAt });
}

runAsService('jobs', main);
