import { setFlagsFromString } from 'node:v8';
import { readConfig } from '../../infra/config.ts';
import { secret } from '../../infra/home.ts';
import { connectPostgres } from '../../infra/postgres.ts';
import { connectRedis } from '../../infra/redis.ts';
import { BadInput, ServerUnreachable, SetupError } from '../../infra/setup-error.ts';
import { startTelemetry } from '../../infra/telemetry.ts';
import { writeStatus } from '../../streams/status.ts';
import { DASHBOARD_FOLDER, ensureDashboard } from './build-dashboard.ts';
import { createApi } from './create-api.ts';
import { DEFAULT_LIMITS } from './dependencies.ts';
import { loopbackHosts } from './http/same-host.ts';
import { serveApi } from './serve-api.ts';

/** The API as a process: a ready line on stdout, JSON logs on stderr, an end on SIGTERM, SIGINT or the loss of its parent. */

// What passes through the stream's reader outlives its first garbage collections (ioredis holds parts of large answers),
// and by its own measure V8 would let it pile up to three times what is in use: 60 MB, for collections that take 5 ms.
setFlagsFromString('--heap-growing-percent=30');

const STATUS_EVERY_MS = 1_000;
const EXIT = { done: 0, failed: 1, badUsage: 2, serverUnreachable: 3 } as const;

function log(level: 'info' | 'warn' | 'error', message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const line = { time: new Date().toISOString(), level, service: 'api', message, ...fields };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

function fail(exitCode: number, error: unknown): never {
  log('error', error instanceof Error ? error.message : String(error));
  process.exit(exitCode);
}

function required(name: string, value: string | undefined): string {
  if (value === undefined) throw new BadInput(`${name}: expected the URL of a server, found none`);
  return value;
}

async function main(): Promise<void> {
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
  const dependencies = {
    redis,
    blockingRedis,
    questdb,
    postgres,
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

  let isStopping = false;
  async function stop(reason: string): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    log('info', 'stopping', { reason });
    clearInterval(heartbeat);
    await listening.close();
    redis.disconnect();
    blockingRedis.disconnect();
    await Promise.all([questdb.end(), postgres.end(), stopTelemetry()]);
    process.exit(EXIT.done);
  }
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.on('disconnect', () => void stop('the parent has gone'));
  process.stdout.write(
    `${JSON.stringify({ service: 'api', ready: true, pid: process.pid, port, url: dependencies.origin })}\n`,
  );
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

main().catch((error: unknown) => {
  if (error instanceof ServerUnreachable) fail(EXIT.serverUnreachable, error);
  fail(error instanceof BadInput ? EXIT.badUsage : EXIT.failed, error);
});
