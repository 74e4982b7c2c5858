import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Writes rows, given as SQL tuples in the order of `columns`, and waits until queries see them. */
export async function storeRows(
  questdb: pg.Pool,
  table: string,
  columns: readonly string[],
  tuples: readonly string[],
  instrument: string,
): Promise<void> {
  for (let at = 0; at < tuples.length; at += 500) {
    const values = tuples.slice(at, at + 500).map((tuple) => `(${tuple})`);
    await questdb.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values.join(', ')}`);
  }
  for (let tries = 0; tries < 500; tries++) {
    const { rows } = await questdb.query(`SELECT count() n FROM ${table} WHERE symbol = '${instrument}'`);
    if (Number(rows[0]?.n) === tuples.length) return;
    await sleep(20);
  }
  throw new Error(`${table}: expected ${tuples.length} rows of ${instrument} to be seen within 10 s`);
}
