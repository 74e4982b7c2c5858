import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import { openSender } from '../../../infra/questdb/sender.ts';
import { TABLES } from '../../../infra/questdb/tables.ts';
import { createRowComparison, type Difference } from '../../../services/deriver/compare-rows.ts';
import { ensureReadableTables } from '../../../services/features/feature-table.ts';
import { LIVE } from '../../../streams/keys.ts';
import { testInstrument, testServers } from '../../support/servers.ts';

const test = suite('services/deriver/compare-rows');
const { questdbUrl } = await testServers('questdb');
await ensureReadableTables(questdbUrl);
const MARKS = TABLES.find(({ name }) => name === 'mark_prices')!;
const START_US = 1_723_161_255_000_000;

/** A mark price of second `ts`, said by the event that came in second `at`. */
function mark(ts: number, at: number, price: number) {
  const columns = {
    ts: START_US + ts * 1e6,
    receive_time: START_US + at * 1e6,
    entry_id: `${START_US / 1e3 + at * 1e3}-0:0`,
    mark_price: price,
    index_price: price,
    settle_price: null,
    funding_rate: 0,
    next_funding_time: START_US,
  };
  return { table: MARKS.name, columns };
}

type Mark = ReturnType<typeof mark>;

/** Stores some rows and compares them with others, a slice a row. @returns what differs, as `second kind column` */
async function compare(stored: readonly Mark[], recomputed: readonly Mark[], rowsASlice = 1): Promise<string[]> {
  const instrument = testInstrument();
  const sender = await openSender(questdbUrl, MARKS);
  for (const { columns } of stored) sender.add({ ...columns, symbol: instrument, recording: LIVE });
  await sender.flush();
  await sender.close();
  await waitUntilApplied(questdbUrl);
  const found: string[] = [];
  const onDifference = ({ entryId, kind, column }: Difference): void => {
    found.push(`${(Number(entryId.split('-')[0]) * 1e3 - START_US) / 1e6} ${kind} ${column}`);
  };
  const of = { questdbUrl, tables: [MARKS], instrument, recording: LIVE, fromUs: undefined, toUs: undefined };
  const comparison = createRowComparison({ ...of, upTo: null, rowsASlice, onDifference });
  for (const row of recomputed) {
    comparison.push(row);
    await comparison.pass(row.columns.receive_time);
  }
  const { mark_prices: count } = await comparison.end();
  assert.is(count, new Set(recomputed.map(({ columns }) => columns.ts)).size);
  return found;
}

const ROWS = [1, 2, 3, 4, 5, 6].map((n) => mark(n, n, 100 + n));

test('equal rows have no difference; one that differs, is missing or too many is named', async () => {
  assert.equal(await compare(ROWS, ROWS), []);
  const stored = [...ROWS.slice(0, 2), mark(3, 3, 7), ...ROWS.slice(4), mark(9, 9, 1)];
  for (const rowsASlice of [1, 1_000])
    assert.equal(await compare(stored, ROWS, rowsASlice), [
      '3 differs mark_price',
      '9 unexpected null',
      '4 missing null',
    ]);
});

test('a row that a later one replaces counts as that, however far apart they are', async () => {
  // The event of second 5 says anew what that of second 2 said.
  const replaced = [...ROWS.slice(0, 5), mark(2, 5, 222), ROWS[5]!];
  const kept = replaced.filter((_, n) => n !== 1);
  assert.equal(await compare(kept, replaced), []);
});

test('rows whose receive time goes back are found all the same', async () => {
  const rows = [mark(1, 10, 1), mark(2, 20, 2), mark(3, 5, 3), mark(4, 30, 4), mark(5, 1, 5), mark(6, 40, 6)];
  assert.equal(await compare(rows, rows), []);
});

test.run();
