import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type pg from 'pg';
import { migrate } from '../../../infra/migrations.ts';
import { connectPostgres } from '../../../infra/postgres.ts';
import { connectRedis } from '../../../infra/redis.ts';
import type { ServerUrls } from '../../../infra/servers/servers.ts';
import { createApiKey, hashSecret } from '../../../services/api/auth/api-key.ts';
import type { Role } from '../../../services/api/auth/role.ts';
import { type Api, createApi } from '../../../services/api/create-api.ts';
import { type ApiDependencies, type ApiLimits, DEFAULT_LIMITS } from '../../../services/api/dependencies.ts';
import { loopbackHosts } from '../../../services/api/http/same-host.ts';
import { type Listening, serveApi } from '../../../services/api/serve-api.ts';
import { createFeatureComputer } from '../../../services/features/compute/feature-computer.ts';
import { ensureReadableTables } from '../../../services/features/feature-table.ts';
import { freePort } from '../../support/free-port.ts';
import { testServers } from '../../support/servers.ts';

export const PEPPER = 'pepper of the tests';

export interface TestApi extends Api {
  /** Where its servers are. */
  readonly urls: Required<ServerUrls>;
  readonly redis: Redis;
  readonly questdb: pg.Pool;
  readonly postgres: pg.Pool;
  readonly origin: string;
  /** Text of a valid key. */
  readonly key: string;
  /** Makes a key of that role. @returns its text */
  keyOf(role: Role): Promise<string>;
  /** What the API told its log. */
  readonly errors: unknown[];
  /** A request with the key, answered without a server. */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  listen(): Promise<Listening>;
  end(): Promise<void>;
}

export interface TestApiOptions {
  readonly limits?: Partial<ApiLimits>;
  readonly change?: (dependencies: ApiDependencies) => Partial<ApiDependencies>;
}

/** An API over real servers, with one key. */
export async function startTestApi({ limits = {}, change = () => ({}) }: TestApiOptions = {}): Promise<TestApi> {
  const urls = await testServers();
  const [redis, blockingRedis, questdb, postgres, port] = await Promise.all([
    connectRedis(urls.redisUrl),
    connectRedis(urls.redisUrl, { blocking: true }),
    connectPostgres(urls.questdbPgUrl),
    connectPostgres(urls.postgresUrl),
    freePort(),
  ]);
  await migrate(postgres);
  await ensureReadableTables(urls.questdbUrl);
  const makeKey = async (name: string, role: Role): Promise<string> => {
    const key = createApiKey();
    const row = [key.publicId, name, role, hashSecret(key.secret, PEPPER)];
    await postgres.query('INSERT INTO keys (id, name, role, secret_hash) VALUES ($1, $2, $3, $4)', row);
    return key.text;
  };
  const key = await makeKey('test', 'admin');
  const origin = `http://127.0.0.1:${port}`;
  const dashboardFolder = mkdtempSync(join(tmpdir(), 'don-dashboard-'));
  const dependencies: ApiDependencies = {
    redis,
    blockingRedis,
    questdb,
    postgres,
    computer: createFeatureComputer({ redisUrl: urls.redisUrl, questdbUrl: urls.questdbUrl }),
    keyPepper: PEPPER,
    allowedHosts: loopbackHosts(port),
    origin,
    dashboardFolder,
    limits: { ...DEFAULT_LIMITS, ...limits },
  };
  const errors: unknown[] = [];
  const api = createApi({ ...dependencies, ...change(dependencies) }, (error) => errors.push(error));
  let listening: Listening | undefined;

  return {
    ...api,
    urls,
    redis,
    questdb,
    postgres,
    origin,
    key,
    keyOf: (role) => makeKey(role, role),
    errors,
    get: async (path, headers = {}) =>
      api.app.request(`${origin}${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } }),
    async listen() {
      listening = await serveApi(api, port);
      return listening;
    },
    async end() {
      await (listening?.close() ?? api.close());
      redis.disconnect();
      blockingRedis.disconnect();
      await Promise.all([questdb.end(), postgres.end(), dependencies.computer.close()]);
      rmSync(dashboardFolder, { recursive: true, force: true });
    },
  };
}
