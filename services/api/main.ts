import { setFlagsFromString } from 'node:v8';
import { readConfig } from '../../infra/config.ts';
import { secret } from '../../infra/home.ts';
import { connectPostgres } from '../../infra/postgres.ts';
import { connectRedis } from '../../infra/redis.ts';
import { required, runAsService, type Service } from '../../infra/service.ts';
import { SetupError } from '../../infra/setup-error.ts';
import { startTelemetry } from '../../infra/telemetry.ts';
import { writeStatus } from '../../streams/status.ts';
import { createFeatureComputer } from '../features/compute/feature-computer.ts';
import { DASHBOARD_FOLDER, ensureDashboard } from './build-dashboard.ts';
import { createApi } from './create-api.ts';
import { DEFAULT_LIMITS } from './dependencies.ts';
import { loopbackHosts } from './http/same-host.ts';
import { serveApi } from './serve-api.ts';

/** The API as a process. */

// What passes through the stream's reader outlives its first garbage collections (ioredis holds parts of large answers),
// and by its own measure V8 would let it pile up to three times what is in use: 60 MB, for collections that take 5 ms.
setFlagsFromString('--heap-growing-percent=30');

const STATUS_EVERY_MS = 1_000;
async function main(service: Service): Promise<void> {
  const { log } = service;
  const startedMs = Date.now();
  const config = await readConfig();
  const redisUrl = required('DON_REDIS_URL', config.redisUrl);
  const stopTelemetry = await startTelemetry('api');
  const [redis, blockingRedis, questdb, postgres] = await Promise.all([
    connectRedis(redisUrl),
    connectRedis(redisUrl, { blocking: true }),
    connectPostgres(required('DON_QUESTDB_PG_URL', config.questdbPgUrl)),
    connectPostgres(required('DON_POSTGRES_URL', config.postgresUrl)),
  ]);
  await ensureDashboard().catch((error: Error) => log('error', error.message));
  const { port } = config;
  const questdbUrl = required('DON_QUESTDB_URL', config.questdbUrl);
  const computer = createFeatureComputer({ redisUrl, questdbUrl });
  const dependencies = {
    redis,
    blockingRedis,
    questdb,
    postgres,
    computer,
    keyPepper: secret(config.home, 'key-pepper'),
    allowedHosts: loopbackHosts(port),
    origin: `http://127.0.0.1:${port}`,
    dashboardFolder: DASHBOARD_FOLDER,
    limits: DEFAULT_LIMITS,
  };
  const api = createApi(dependencies, (error, requestId) => {
    log('error', error instanceof Error ? error.message : String(error), {
      requestId,
      stack: error instanceof Error ? error.stack : undefined,
    });
  });
  const listening = await serveApi(api, port).catch((error: unknown) => {
    throw explainListenError(error, port);
  });
  const heartbeat = setInterval(() => {
    const memoryBytes = process.memoryUsage.rss();
    const status = { service: 'api', pid: process.pid, startedMs, timeMs: Date.now(), memoryBytes, port };
    writeStatus(redis, 'api', { ...status, streamClients: api.hub.clients() }).catch(() => {});
  }, STATUS_EVERY_MS);

  service.onStop(async () => {
    clearInterval(heartbeat);
    await listening.close();
    redis.disconnect();
    blockingRedis.disconnect();
    await computer.close();
    await Promise.all([questdb.end(), postgres.end(), stopTelemetry()]);
  });
  service.ready({ port, url: dependencies.origin });
}

function explainListenError(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new SetupError(
      `Port ${port} of 127.0.0.1 is taken by another program. Choose another one: DON_PORT=${port + 1}.`,
    );
  if (code === 'EACCES')
    return new SetupError(`Port ${port} of 127.0.0.1 is not for this user. Choose one above 1023: DON_PORT=4000.`);
  return error;
}

runAsService('api', main);
