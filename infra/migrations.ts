import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { SetupError } from './setup-error.ts';

const FOLDER = join(import.meta.dirname, 'migrations');
/** Any number that no other program locks in our database: it keeps two migrations apart. */
const ADVISORY_LOCK = 4_000_001;

/**
 * Brings the database to the newest schema: each file of `migrations/` in the order of its number, once, whole or not at all.
 * @returns the names of those that were applied now.
 */
export async function migrate(pool: pg.Pool, folder = FOLDER): Promise<string[]> {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    await client.query(
      'CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
    const applied = new Set(rows.map(({ name }) => name));
    const unknown = [...applied].filter((name) => !files.includes(name));
    if (unknown.length > 0) {
      throw new SetupError(
        `The database was made by a newer Don: it has ${unknown.join(', ')}, which this one does not know. Update this clone (git pull), or name another database in DON_POSTGRES_URL.`,
      );
    }
    const missing = files.filter((file) => !applied.has(file));
    for (const file of missing) await apply(client, folder, file);
    await client.query('COMMIT');
    return missing;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

async function apply(client: pg.PoolClient, folder: string, file: string): Promise<void> {
  try {
    await client.query(readFileSync(join(folder, file), 'utf8'));
    await client.query('INSERT INTO migrations (name) VALUES ($1)', [file]);
  } catch (error) {
    throw new Error(`migration ${file} failed: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
