import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../infra/home.ts';
import { migrate } from '../../infra/migrations.ts';
import { connectPostgres } from '../../infra/postgres.ts';
import { testHome, testServers } from '../support/servers.ts';

const test = suite('infra/migrations');

async function withPool(work: (pool: Awaited<ReturnType<typeof connectPostgres>>) => Promise<void>): Promise<void> {
  const { postgresUrl } = await testServers('postgres');
  const pool = await connectPostgres(postgresUrl);
  try {
    await work(pool);
  } finally {
    await pool.end();
  }
}

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = join(testHome(), 'migrations');
  mkdirSync(folder);
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return folder;
}

test('applies each once, in order, also where two start at the same time', () =>
  withPool(async (pool) => {
    const applied = await Promise.all([migrate(pool), migrate(pool)]);
    assert.equal(applied.flat(), readdirSync(join(REPOSITORY, 'infra/migrations')).sort());
    assert.equal(await migrate(pool), []);
    const { rows } = await pool.query(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
    );
    const tables = rows.map(({ table_name }) => table_name);
    for (const table of ['instruments', 'keys', 'migrations', 'models', 'recordings'])
      assert.ok(tables.includes(table), `${table} among ${tables.join(', ')}`);
  }));

test('one that fails leaves nothing of itself and names its file', () =>
  withPool(async (pool) => {
    const folder = folderOf({
      '0001-good.sql': 'CREATE TABLE good (n int);',
      '0002-bad.sql': 'CREATE TABLE bad (n int); SELECT nothing;',
    });
    const failure = await migrate(pool, folder).catch((error: Error) => error.message);
    assert.match(String(failure), /migration 0002-bad\.sql failed: column "nothing" does not exist/);
    const { rows } = await pool.query("SELECT to_regclass('good') AS good, to_regclass('bad') AS bad");
    assert.equal(rows, [{ good: null, bad: null }]);
  }));

test('a database of a newer version is refused', () =>
  withPool(async (pool) => {
    await migrate(pool, folderOf({ '0009-later.sql': 'SELECT 1;' }));
    const failure = await migrate(pool, folderOf({ '0001-first.sql': 'SELECT 1;' })).catch(
      (error: Error) => error.message,
    );
    assert.match(String(failure), /made by a newer Don: it has 0009-later\.sql.*git pull/);
  }));

test('a key cannot have a role that is none, nor an instrument a name that is not its parts', () =>
  withPool(async (pool) => {
    await migrate(pool);
    const wrong = [
      "INSERT INTO keys (id, name, role, secret_hash) VALUES ('a', 'a', 'root', 'x')",
      "INSERT INTO instruments (instrument, venue, symbol) VALUES ('a:b', 'a', 'c')",
    ];
    for (const sql of wrong)
      assert.match(String(await pool.query(sql).catch((error: Error) => error.message)), /violates check constraint/);
  }));

test.run();
