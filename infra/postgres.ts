import pg from 'pg';
import { ServerUnreachable } from './setup-error.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const CONNECTIONS_MAX = 8;

/**
 * A pool of connections to PostgreSQL, resolved once one of them works.
 * @throws ServerUnreachable saying where it was looked for and what to do.
 */
export async function connectPostgres(url: string): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'don',
  });
  // An idle connection that the server closes is opened again at the next query.
  pool.on('error', () => {});
  try {
    await pool.query('SELECT 1');
    return pool;
  } catch (error) {
    await pool.end();
    throw explainPostgresError(url, error);
  }
}

/** The sentence for a PostgreSQL that cannot be used. */
export function explainPostgresError(url: string, error: unknown): ServerUnreachable {
  const { code, message } =
    error instanceof Error ? { code: undefined, ...error, message: error.message } : { message: String(error) };
  const where = URL.canParse(url) ? new URL(url).host : 'DON_POSTGRES_URL';
  const advice =
    code === '28P01' || code === '28000'
      ? 'it refuses the user or password: correct DON_POSTGRES_URL (postgres://USER:PASSWORD@HOST:PORT/DATABASE)'
      : code === '3D000'
        ? `${message}: create that database, or name another in DON_POSTGRES_URL`
        : code === 'ECONNREFUSED'
          ? 'nothing listens there: start it, correct DON_POSTGRES_URL, or unset it so that Don starts one of its own'
          : `${message}: see that DON_POSTGRES_URL names a PostgreSQL that this machine can reach`;
  return new ServerUnreachable(`PostgreSQL at ${where} cannot be used: ${advice}.`, { cause: error });
}
