import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from '../../infra/home.ts';
import { migrate } from '../../infra/migrations.ts';
import { connectPostgres } from '../../infra/postgres.ts';
import { ensureApiKey } from '../../services/cli/api-keys.ts';
import { ensureReadableTables } from '../../services/features/feature-table.ts';
import { NODE_FLAGS, SERVICE_ENV } from '../../services/supervisor/service-process.ts';
import { testHome, testServers } from './servers.ts';

const READY_WITHIN_MS = 180_000;

/** Recorder, deriver and API as processes of their own, as `don start` runs them. */
export interface Pipeline {
  readonly apiUrl: string;
  readonly authorization: string;
  stop(): Promise<void>;
}

export interface PipelineOptions {
  readonly venue: { readonly restUrl: string; readonly wsUrl: string };
  readonly instruments: readonly string[];
  /** Of the API. */
  readonly port: number;
  /** Beside what every service gets. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startPipeline({ venue, instruments, port, env: more = {} }: PipelineOptions): Promise<Pipeline> {
  const urls = await testServers();
  const home = testHome();
  const postgres = await connectPostgres(urls.postgresUrl);
  await Promise.all([migrate(postgres), ensureReadableTables(urls.questdbUrl)]);
  const key = await ensureApiKey(postgres, home);
  await postgres.end();
  const env = {
    ...SERVICE_ENV,
    ...process.env,
    DON_HOME: home,
    DON_PORT: String(port),
    DON_VENUE: 'simulated',
    DON_INSTRUMENTS: instruments.join(','),
    DON_REDIS_URL: urls.redisUrl,
    DON_QUESTDB_URL: urls.questdbUrl,
    DON_QUESTDB_PG_URL: urls.questdbPgUrl,
    DON_POSTGRES_URL: urls.postgresUrl,
    DON_VENUE_REST_URL: venue.restUrl,
    DON_VENUE_WS_URL: venue.wsUrl,
    ...more,
  };
  const services = ['deriver', 'api', 'recorder'].map((name) =>
    spawn(process.execPath, [...NODE_FLAGS, join(REPOSITORY, 'services', name, 'main.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  await Promise.all(services.map(untilReady));
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    authorization: `Bearer ${key}`,
    stop: async () => {
      await Promise.all(services.map(stopProcess));
    },
  };
}

/** Ends a child and waits until it is gone. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

function untilReady(child: ChildProcess): Promise<void> {
  let words = '';
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${child.spawnargs.at(-1)}: ${why}\n${words}`));
    const timer = setTimeout(() => fail(`not ready within ${READY_WITHIN_MS / 1_000} s`), READY_WITHIN_MS);
    child.stderr?.on('data', (text) => {
      words = (words + text).slice(-4_000);
    });
    child.once('exit', (code) => fail(`ended with ${code}`));
    child.stdout?.on('data', (text) => {
      if (!String(text).includes('"ready":true')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
