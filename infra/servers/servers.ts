import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from '../file-lock.ts';
import { makeHome } from '../home.ts';
import { connectPostgres } from '../postgres.ts';
import { questdbQuery } from '../questdb.ts';
import { connectRedis } from '../redis.ts';
import { explainFileError, SetupError } from '../setup-error.ts';
import { postgresServer, postgresUrl } from './postgres-server.ts';
import {
  ensurePrivateServer,
  type Log,
  type RunningServer,
  type ServerName,
  stopPrivateServer,
} from './private-server.ts';
import { questdbServer, questdbUrls } from './questdb-server.ts';
import { redisServer, redisUrl } from './redis-server.ts';

export { type Log, type RunningServer, runningServers, type ServerName } from './private-server.ts';
export { prospect } from './prospect.ts';

/** Where the servers are; only those that were wanted. */
export interface ServerUrls {
  readonly redisUrl?: string;
  /** HTTP: queries and rows in. */
  readonly questdbUrl?: string;
  /** PostgreSQL protocol: large queries. */
  readonly questdbPgUrl?: string;
  readonly postgresUrl?: string;
}

// Below this a server would fail at its first write.
const FREE_BYTES_MIN = 100_000_000;
/** So long a QuestDB that is given may take to answer: one that has just started on a busy machine takes more than 5 s. */
const GIVEN_MS_MAX = 20_000;

interface Kind {
  readonly spec: (home: string, log: Log) => Parameters<typeof ensurePrivateServer>[1];
  readonly urls: (home: string, ports: RunningServer['ports']) => ServerUrls;
  /** The URLs that the environment gives; undefined where it gives none. Rejects where they do not work. */
  readonly given: (env: NodeJS.ProcessEnv) => Promise<ServerUrls | undefined>;
}

const KINDS: Readonly<Record<ServerName, Kind>> = {
  redis: { spec: redisServer, urls: (home, ports) => ({ redisUrl: redisUrl(home, ports) }), given: givenRedis },
  questdb: { spec: questdbServer, urls: questdbUrls, given: givenQuestdb },
  postgres: {
    spec: postgresServer,
    urls: (home, ports) => ({ postgresUrl: postgresUrl(home, ports) }),
    given: givenPostgres,
  },
};

export interface EnsureServers {
  readonly home: string;
  readonly want: readonly ServerName[];
  readonly log?: Log;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Brings up the servers that are wanted and resolves with their URLs once they answer. A URL in the environment
 * (DON_REDIS_URL, DON_QUESTDB_URL with DON_QUESTDB_PG_URL, DON_POSTGRES_URL) replaces the private server of that kind.
 * Those that run already are found again; they stay up until `stopServers`.
 * @throws SetupError saying what is missing and what to do.
 */
export async function ensureServers({
  home,
  want,
  log = () => {},
  env = process.env,
}: EnsureServers): Promise<ServerUrls> {
  const urls = await Promise.all(want.map((name) => KINDS[name].given(env)));
  const missing = want.filter((_, index) => urls[index] === undefined);
  if (missing.length === 0) return Object.assign({}, ...urls);
  try {
    makeHome(home);
    checkDisk(home);
    const started = await withFileLock(
      join(home, 'run', 'servers.lock'),
      () => startAll(home, missing, log),
      (holder) => log(`waiting for process ${holder}, which is setting up the servers`),
    );
    return Object.assign({}, ...urls, ...started);
  } catch (error) {
    throw explainFileError(error, home);
  }
}

/** The URLs of that server that the environment gives, tried; undefined where it gives none. */
export function givenUrls(name: ServerName, env: NodeJS.ProcessEnv): Promise<ServerUrls | undefined> {
  return KINDS[name].given(env);
}

/** Waits for every one of them, also where one fails: none may be half started when the lock is let go. */
async function startAll(home: string, names: readonly ServerName[], log: Log): Promise<ServerUrls[]> {
  const outcomes = await Promise.allSettled(
    names.map(async (name) => {
      const { ports } = await ensurePrivateServer(home, KINDS[name].spec(home, log), log);
      return KINDS[name].urls(home, ports);
    }),
  );
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** Ends the private servers of this home, and nothing else. @returns those that ran. */
export async function stopServers(home: string): Promise<ServerName[]> {
  const names = Object.keys(KINDS) as ServerName[];
  return withFileLock(join(home, 'run', 'servers.lock'), async () => {
    const ran = await Promise.all(
      names.map((name) =>
        stopPrivateServer(
          home,
          KINDS[name].spec(home, () => {}),
        ),
      ),
    );
    return names.filter((_, index) => ran[index]);
  });
}

function checkDisk(home: string): void {
  const { bavail, bsize } = statfsSync(home);
  if (bavail * bsize >= FREE_BYTES_MIN) return;
  throw new SetupError(
    `The disk of ${home} has ${Math.floor((bavail * bsize) / 1e6)} MB left and Don needs at least ${FREE_BYTES_MIN / 1e6} MB. Free some space, or set DON_HOME to a folder on another disk, and start again.`,
  );
}

async function givenRedis(env: NodeJS.ProcessEnv): Promise<ServerUrls | undefined> {
  const url = env['DON_REDIS_URL'];
  if (!url) return undefined;
  (await connectRedis(checkUrl('DON_REDIS_URL', url, ['redis:', 'rediss:']))).disconnect();
  return { redisUrl: url };
}

async function givenQuestdb(env: NodeJS.ProcessEnv): Promise<ServerUrls | undefined> {
  const [http, postgres] = [env['DON_QUESTDB_URL'], env['DON_QUESTDB_PG_URL']];
  if (!http && !postgres) return undefined;
  if (!http || !postgres) {
    const missing = http
      ? 'DON_QUESTDB_PG_URL (postgres://USER:PASSWORD@HOST:8812/qdb)'
      : 'DON_QUESTDB_URL (http://USER:PASSWORD@HOST:9000)';
    throw new SetupError(
      `One of the two URLs of QuestDB is set and the other is not: set ${missing} as well, or neither.`,
    );
  }
  await questdbQuery(checkUrl('DON_QUESTDB_URL', http, ['http:', 'https:']), 'SELECT 1', GIVEN_MS_MAX);
  await (await connectPostgres(checkUrl('DON_QUESTDB_PG_URL', postgres, ['postgres:', 'postgresql:']))).end();
  return { questdbUrl: http, questdbPgUrl: postgres };
}

async function givenPostgres(env: NodeJS.ProcessEnv): Promise<ServerUrls | undefined> {
  const url = env['DON_POSTGRES_URL'];
  if (!url) return undefined;
  await (await connectPostgres(checkUrl('DON_POSTGRES_URL', url, ['postgres:', 'postgresql:']))).end();
  return { postgresUrl: url };
}

function checkUrl(variable: string, url: string, protocols: readonly string[]): string {
  if (URL.canParse(url) && protocols.includes(new URL(url).protocol)) return url;
  throw new SetupError(
    `${variable}: expected a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}, found ${JSON.stringify(url.replace(/:[^:@/]*@/, ':…@'))}.`,
  );
}
