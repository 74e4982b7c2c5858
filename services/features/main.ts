import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../infra/config.ts';
import { connectRedis } from '../../infra/redis.ts';
import { required, runAsService, type Service } from '../../infra/service.ts';
import { writeStatus } from '../../streams/status.ts';
import { createFeatureSupervisor } from './custom/feature-supervisor.ts';

/** The custom features as a process: one that does harm takes nothing else with it. */

const STATUS_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 1_000;
const STARTED_MS = Date.now();

async function main(service: Service): Promise<void> {
  const config = await readConfig();
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const questdbUrl = required('DON_QUESTDB_URL', config.questdbUrl);
  const folder = required('DON_FEATURE_FOLDER', config.featureFolder);
  const redis = await connectRedis(redisUrl);
  const { instruments } = config;
  const supervisor = createFeatureSupervisor({ folder, instruments, redisUrl, questdbUrl, log: service.log });
  const heartbeat = setInterval(() => {
    const status = { service: 'features', pid: process.pid, startedMs: STARTED_MS, timeMs: Date.now() };
    const features = supervisor.statuses();
    writeStatus(redis, 'features', { ...status, memoryBytes: process.memoryUsage.rss(), folder, features }).catch(
      () => {},
    );
  }, STATUS_EVERY_MS);
  const abort = new AbortController();

  service.onStop(async () => {
    abort.abort();
    clearInterval(heartbeat);
    await supervisor.stop();
    redis.disconnect();
  });
  service.ready({ folder });
  while (!abort.signal.aborted) {
    await supervisor.look();
    await sleep(LOOK_EVERY_MS, undefined, { signal: abort.signal }).catch(() => {});
  }
}

runAsService('features', main);
