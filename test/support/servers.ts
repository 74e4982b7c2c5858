import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { REPOSITORY, writeWhole } from '../../infra/home.ts';
import { connectPostgres } from '../../infra/postgres.ts';
import { identify, isRunning, type ProcessIdentity } from '../../infra/process-identity.ts';
import { connectRedis } from '../../infra/redis.ts';
import { ensureServers, type ServerName, type ServerUrls, stopServers } from '../../infra/servers/servers.ts';

/** The home of the servers that all tests share. */
export const TEST_HOME = join(REPOSITORY, '.don', 'test');
const TOOLS = process.env['DON_TOOLS'] || join(REPOSITORY, '.don', 'tools');
const EVERY: readonly ServerName[] = ['redis', 'questdb', 'postgres'];

/**
 * URLs of real servers, started where they do not run yet. Redis and PostgreSQL URLs name a database that only this
 * process uses and that is empty at first; in QuestDB the tables are shared, so use an instrument from `testInstrument`.
 * A test that kills or stalls a server takes servers of its own: `ensureServers({ home: testHome(), … })`.
 */
export async function testServers(...want: ServerName[]): Promise<Required<ServerUrls>> {
  process.env['DON_TOOLS'] = TOOLS;
  registerUser();
  const wanted = want.length > 0 ? want : EVERY;
  const urls = await ensureServers({ home: TEST_HOME, want: wanted, log: (line) => process.stderr.write(`${line}\n`) });
  const own = {
    ...urls,
    ...(urls.redisUrl === undefined ? {} : { redisUrl: await claimDatabase(urls.redisUrl) }),
    ...(urls.postgresUrl === undefined ? {} : { postgresUrl: await createDatabase(urls.postgresUrl) }),
  };
  return new Proxy(own as Required<ServerUrls>, {
    get(target, name: keyof ServerUrls) {
      if (target[name] === undefined && typeof name === 'string' && name.endsWith('Url')) {
        throw new Error(`testServers(${want.join(', ')}) did not ask for the server of ${name}`);
      }
      return target[name];
    },
  });
}

let instruments = 0;
/** An instrument that no other test has: `simulated:T4711X1`. */
export function testInstrument(): string {
  instruments += 1;
  return `simulated:T${process.pid}X${instruments}${Date.now().toString(36).toUpperCase()}`;
}

/** An empty home of its own below the machine's temporary folder, that shares the downloaded tools; removed at exit. */
export function testHome(): string {
  process.env['DON_TOOLS'] = TOOLS;
  const home = mkdtempSync(join(tmpdir(), 'don-test-'));
  // A test that is killed leaves its servers up; the next run ends them by this.
  writeWhole(
    join(TEST_HOME, 'homes', home.slice(tmpdir().length + 1)),
    JSON.stringify({ ...identify(process.pid), home }),
  );
  process.on('exit', () => rmSync(home, { recursive: true, force: true }));
  return home;
}

const CLAIM_TRIES_MAX = 256;

/** The claims lie in database 0, so that a test may flush its own. A dead process's database is taken over. */
async function claimDatabase(url: string): Promise<string> {
  const claims = await connectRedis(url);
  const claim = JSON.stringify(identify(process.pid));
  const databases = Number(((await claims.config('GET', 'databases')) as string[])[1] ?? 16);
  try {
    for (let database = 1; database < Math.min(databases, CLAIM_TRIES_MAX); database++) {
      const key = `don:test:database:${database}`;
      await claims.watch(key);
      const holder = await claims.get(key);
      const isFree = holder === null ? await isEmpty(url, database) : !isRunning(JSON.parse(holder));
      if (!isFree) {
        await claims.unwatch();
        continue;
      }
      if ((await claims.multi().set(key, claim).exec()) === null) {
        database -= 1;
        continue;
      }
      const own = new URL(url);
      own.pathname = `/${database}`;
      if (holder !== null) await inDatabase(own.href, (redis) => redis.flushdb());
      return own.href;
    }
  } finally {
    claims.disconnect();
  }
  throw new Error(`every database of the Redis for tests is in use or holds data of others (looked at ${databases})`);
}

function isEmpty(url: string, database: number): Promise<boolean> {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return inDatabase(other.href, async (redis) => (await redis.dbsize()) === 0);
}

async function inDatabase<Result>(url: string, work: (redis: Redis) => Promise<Result>): Promise<Result> {
  const redis = await connectRedis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function createDatabase(url: string): Promise<string> {
  const name = `don_test_${process.pid}_${Date.now().toString(36)}`;
  const pool = await connectPostgres(url);
  await dropDatabasesOfTheDead(pool);
  await pool.query(`CREATE DATABASE ${name}`);
  await pool.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}

/** Databases are named by the process that made them. */
async function dropDatabasesOfTheDead(pool: Awaited<ReturnType<typeof connectPostgres>>): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    "SELECT datname AS name FROM pg_database WHERE datname LIKE 'don\\_test\\_%'",
  );
  for (const { name } of rows) {
    if (identify(Number(name.split('_')[2])) === undefined)
      await pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }
}

function usersFolder(): string {
  return join(TEST_HOME, 'users');
}

/** Says that this process uses the servers, so that another run does not stop them under it. */
export function registerUser(): void {
  mkdirSync(usersFolder(), { recursive: true });
  writeWhole(join(usersFolder(), `${process.pid}.json`), JSON.stringify(identify(process.pid)));
}

/** Ends the servers of homes whose test was killed before it could. */
async function stopServersOfTheDead(): Promise<void> {
  const folder = join(TEST_HOME, 'homes');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const owner: ProcessIdentity & { readonly home: string } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (isRunning(owner)) continue;
    if (existsSync(owner.home)) await stopServers(owner.home);
    rmSync(owner.home, { recursive: true, force: true });
    rmSync(join(folder, name));
  }
}

/** Stops the servers for tests unless some other process still uses them. */
export async function stopTestServers(): Promise<void> {
  await stopServersOfTheDead();
  for (const name of readdirSync(usersFolder())) {
    const user: ProcessIdentity = JSON.parse(readFileSync(join(usersFolder(), name), 'utf8'));
    if (user.pid === process.pid || !isRunning(user)) rmSync(join(usersFolder(), name), { force: true });
    else return;
  }
  await stopServers(TEST_HOME);
}
