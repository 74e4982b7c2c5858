import type pg from 'pg';
import { until } from '../../support/until.ts';

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
  await until(`${tuples.length} rows of ${instrument} in ${table}`, async () => {
    const { rows } = await questdb.query(`SELECT count() n FROM ${table} WHERE symbol = '${instrument}'`);
    return Number(rows[0]?.n) === tuples.length;
  });
}
