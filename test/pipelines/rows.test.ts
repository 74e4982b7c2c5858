import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMON_COLUMNS, type Table } from '../../infra/questdb/tables.ts';
import { FEATURE_SETS, setHash } from '../../pipelines/feature-sets.ts';
import type { TableRow } from '../../pipelines/rows.ts';
import { derivedTables, featureTable } from '../../services/features/feature-table.ts';
import { deriveLog, entriesOf } from './derive.ts';
import { madeMarket } from './made-market.ts';

const test = suite('pipelines/rows');

/** In a market without faults there are whole minutes. */
const ROWS = [
  madeMarket({ events: 4_000 }),
  madeMarket({ events: 8_000, hasFaults: false, startUs: 1_723_200_000_000_000 }),
].flatMap((market) => deriveLog(entriesOf(market)).rows);
const rowsOf = ({ name }: Table): TableRow['columns'][] =>
  ROWS.flatMap(({ table, columns }) => (table === name ? [columns] : []));
/** Columns that the row store adds. */
const ADDED = ['symbol', 'recording'];

const isSides = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length === 2 &&
  value[0].length === value[1].length &&
  value.flat().every((cell: unknown) => Number.isFinite(cell));
const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  DOUBLE: Number.isFinite,
  LONG: Number.isSafeInteger,
  TIMESTAMP: (value) => Number.isSafeInteger(value),
  SYMBOL: (value) => typeof value === 'string' && value !== '',
  VARCHAR: (value) => typeof value === 'string',
  'DOUBLE[][]': isSides,
};

for (const table of derivedTables(FEATURE_SETS))
  test(`rows of ${table.name} have its columns, each of its type`, () => {
    const rows = rowsOf(table);
    assert.ok(rows.length > 0);
    const columns = [...COMMON_COLUMNS.filter(([name]) => !ADDED.includes(name)), ...table.columns];
    const names = columns.map(([name]) => name).sort();
    for (const row of rows) {
      assert.equal(Object.keys(row).sort(), names);
      for (const [name, type] of columns) {
        const value = row[name];
        assert.ok(value === null || FITS[type]!(value), `${name}: expected ${type}, found ${JSON.stringify(value)}`);
      }
      for (const name of ['ts', 'receive_time', 'entry_id', ...table.dedupKeys])
        assert.ok(row[name] !== null, `${name} identifies the row`);
      assert.match(String(row['entry_id']), /^\d+-\d+:\d+$/);
    }
  });

for (const set of FEATURE_SETS) {
  const table = featureTable(set);
  const names = set.columns.map(({ name }) => name);
  const others = [...(set.sampling === 'quotes' ? ['update_id'] : []), 'mask', 'set_hash'];

  test(`the columns of ${set.table} are the features of the set, in its order`, () => {
    assert.equal(
      table.columns.map(([name]) => name),
      [...names, ...others],
    );
    assert.ok(table.columns.slice(0, names.length).every(([, type]) => type === 'DOUBLE'));
    assert.equal(Object.keys(rowsOf(table)[0]!).slice(3), [...names, ...others]);
  });

  test(`in rows of ${set.table} a feature that is not warm is NULL, and only such`, () => {
    for (const row of rowsOf(table)) {
      assert.is(row['set_hash'], setHash(set));
      for (const [n, name] of names.entries())
        assert.is(row[name] === null, Math.floor(Number(row['mask']) / 2 ** n) % 2 === 0, name);
    }
  });
}

test('no row takes the place of another, save the closing of a gap that of its opening', () => {
  const ofTimes = ['book_top', 'trades', 'features_spine_v1', 'features_default_v1', 'book_levels', 'gaps'];
  for (const table of derivedTables(FEATURE_SETS).filter(({ name }) => ofTimes.includes(name))) {
    const keys = rowsOf(table).map((row) => [row.ts, ...table.dedupKeys.map((name) => row[name])].join('|'));
    const again = keys.length - new Set(keys).size;
    const closings = rowsOf(table).filter((row) => table.name === 'gaps' && row['closed_by'] !== 'open').length;
    assert.is(again, closings, table.name);
  }
});

test('a spread is positive and a gap ends after it began', () => {
  for (const { table, columns } of ROWS) {
    if (table === 'book_top') assert.ok(Number(columns['ask_price']) > Number(columns['bid_price']));
    if (table === 'gaps' && columns['to_time'] !== null)
      assert.ok(Number(columns['from_time']) <= columns.ts && columns.ts <= Number(columns['to_time']));
  }
});

test.run();
