// time limit: 480 s
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../infra/home.ts';
import { openSender, type RowSender } from '../../infra/questdb/sender.ts';
import { COMMON_COLUMNS, ensureTables, TABLES, type Table } from '../../infra/questdb/tables.ts';
import { QuestdbError, questdbQuery, questdbRows } from '../../infra/questdb.ts';
import { ensureServers, runningServers, stopServers } from '../../infra/servers/servers.ts';
import { ServerUnreachable } from '../../infra/setup-error.ts';
import { testHome, testInstrument, testServers } from '../support/servers.ts';
import { until } from '../support/until.ts';

const test = suite('infra/questdb');
const bookTop = TABLES.find(({ name }) => name === 'book_top')!;

function bookTopRow(instrument: string, index: number) {
  const ts = 1_700_000_000_000_000 + index;
  return {
    ts,
    symbol: instrument,
    recording: 'live',
    receive_time: ts + 7,
    entry_id: `${index}-0:0`,
    update_id: index,
    bid_price: 0.1,
    bid_qty: 2,
    ask_price: 0.2,
    ask_qty: null,
  };
}

/** Waits until the WAL is applied and the count is there; answers the last count. */
async function countWithin(url: string, instrument: string, expected: number): Promise<number> {
  let count = -1;
  await until(`${expected} rows`, async () => {
    const [row] = await questdbRows(url, `SELECT count() AS n FROM book_top WHERE symbol = '${instrument}'`);
    count = Number(row?.['n']);
    return count === expected;
  }).catch(() => {});
  return count;
}

/** Flushes again where a busy machine had no answer in time: what failed is kept. */
async function flushed(sender: RowSender): Promise<void> {
  await until('a flush', async () => {
    const failure = await sender.flush().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) return true;
    if (!(failure instanceof ServerUnreachable)) throw failure;
    return false;
  });
}

test('the tables are those of docs/architecture.md', () => {
  const page = readFileSync(join(REPOSITORY, 'docs', 'architecture.md'), 'utf8');
  const documented = page.split('\n').filter((row) => /^\| `[a-z_0-9]+` \| .*\| ts, symbol/.test(row));
  for (const { name, columns, dedupKeys } of TABLES) {
    const line = documented.find((row) => row.startsWith(`| \`${name}\``));
    assert.ok(line, `${name} has a row`);
    const [, , own = '', keys = ''] = line!.split('|');
    for (const [column] of columns) assert.match(own, new RegExp(`\\b${column}\\b`), `${name}.${column}`);
    assert.is(keys.trim(), ['ts', 'symbol', 'recording', ...dedupKeys].join(', '), `${name}: dedup keys`);
  }
  assert.is(documented.length, TABLES.length, 'no table is documented that is not there');
});

test('making the tables twice changes nothing, and one with another column is refused', async () => {
  const { questdbUrl } = await testServers('questdb');
  await ensureTables(questdbUrl, TABLES);
  await ensureTables(questdbUrl, TABLES);
  const other: Table = { name: `other_${process.pid}`, columns: [['price', 'DOUBLE']], dedupKeys: [] };
  await ensureTables(questdbUrl, [other]);
  try {
    await ensureTables(questdbUrl, [{ ...other, columns: [['price', 'LONG']] }]);
    assert.unreachable('a column of another type was accepted');
  } catch (error) {
    assert.match((error as Error).message, /column price: expected LONG, found DOUBLE\. .*RENAME TABLE/);
  } finally {
    await questdbQuery(questdbUrl, `DROP TABLE ${other.name}`);
  }
});

test('a column that a table does not have yet is added to it', async () => {
  const { questdbUrl } = await testServers('questdb');
  const older: Table = { name: `older_${process.pid}`, columns: [['price', 'DOUBLE']], dedupKeys: [] };
  await ensureTables(questdbUrl, [older]);
  await ensureTables(questdbUrl, [{ ...older, columns: [...older.columns, ['set_hash', 'SYMBOL']] }]);
  let columns = '';
  // A table with a log of its own changes a moment later.
  await until('the column', async () => {
    columns = JSON.stringify(
      await questdbRows(questdbUrl, `SELECT "column", type FROM table_columns('${older.name}')`),
    );
    return columns.includes('set_hash');
  });
  assert.match(columns, /set_hash.*SYMBOL/);
  await questdbQuery(questdbUrl, `DROP TABLE ${older.name}`);
});

test('every column type arrives as it was written, and null as NULL', async () => {
  const { questdbUrl } = await testServers('questdb');
  await ensureTables(questdbUrl, TABLES);
  const instrument = testInstrument();
  const ts = 1_700_000_000_123_456;
  const rows: Record<string, Record<string, unknown>> = {
    book_levels: {
      update_id: 9_007_199_254_740_991,
      bids: [
        [1.5, 1.25],
        [3, 0.1],
      ],
      asks: [[2], [4]],
    },
    mark_prices: {
      mark_price: 0.1,
      index_price: null,
      settle_price: undefined,
      funding_rate: -0.0001,
      next_funding_time: ts + 1,
    },
    gaps: {
      channel: 'depth',
      reason: 'sequence',
      expected: '123',
      found: '456',
      from_time: ts,
      to_time: null,
      closed_by: 'open',
    },
  };
  for (const [name, own] of Object.entries(rows)) {
    const sender = await openSender(questdbUrl, TABLES.find((table) => table.name === name)!);
    sender.add({ ts, symbol: instrument, recording: 'live', receive_time: ts + 5, entry_id: '1-0:0', ...own });
    await flushed(sender);
    assert.is(sender.pending, 0);
    await sender.close();
  }
  const read = (name: string) =>
    until(
      `a row in ${name}`,
      async () => (await questdbRows(questdbUrl, `SELECT * FROM ${name} WHERE symbol = '${instrument}'`))[0],
    );
  const levels = await read('book_levels');
  assert.equal(
    [levels['bids'], levels['asks'], levels['update_id']],
    [rows['book_levels']!['bids'], [[2], [4]], 9_007_199_254_740_991],
  );
  assert.is(levels['ts'], '2023-11-14T22:13:20.123456Z');
  const mark = await read('mark_prices');
  assert.equal(
    [mark['mark_price'], mark['index_price'], mark['settle_price'], mark['funding_rate'], mark['next_funding_time']],
    [0.1, null, null, -0.0001, '2023-11-14T22:13:20.123457Z'],
  );
  const gap = await read('gaps');
  assert.equal([gap['expected'], gap['to_time'], gap['closed_by']], ['123', null, 'open']);
});

test('rows of a flush that fails are kept and stored once when QuestDB is back', async () => {
  const home = testHome();
  try {
    const { questdbUrl } = await ensureServers({ home, want: ['questdb'] });
    await ensureTables(questdbUrl!, TABLES);
    const sender = await openSender(questdbUrl!, bookTop, { retryMs: 3_000, rowsPerRequest: 100 });
    for (let index = 0; index < 250; index++) sender.add(bookTopRow('simulated:KEPT', index));
    await flushed(sender);
    for (let index = 200; index < 400; index++) sender.add(bookTopRow('simulated:KEPT', index));
    process.kill(runningServers(home)[0]!.pid, 'SIGKILL');
    const failure = await sender.flush().catch((error: unknown) => error);
    assert.instance(failure, ServerUnreachable);
    assert.is(sender.pending, 200, 'nothing was forgotten');
    await ensureServers({ home, want: ['questdb'] });
    await flushed(sender);
    assert.is(sender.pending, 0);
    assert.is(await countWithin(questdbUrl!, 'simulated:KEPT', 400), 400, 'the rows sent twice are there once');
    await sender.close();
  } finally {
    await stopServers(home);
  }
});

test('a flush commits what was there when it began, and rows that come meanwhile are kept for the next', async () => {
  const { questdbUrl } = await testServers('questdb');
  await ensureTables(questdbUrl, TABLES);
  const symbol = testInstrument();
  const sender = await openSender(questdbUrl, bookTop, { rowsPerRequest: 100 });
  let added = 0;
  const add = (): void => sender.add(bookTopRow(symbol, added++));
  for (let index = 0; index < 250; index++) add();
  const adding = setInterval(add, 1);
  try {
    await flushed(sender);
    assert.ok(sender.pending > 0, 'rows went on coming');
  } finally {
    clearInterval(adding);
  }
  await flushed(sender);
  assert.is(sender.pending, 0);
  assert.is(await countWithin(questdbUrl, symbol, added), added);
  await sender.close();
});

test('rows that QuestDB refuses are told from a QuestDB that is away', async () => {
  const { questdbUrl } = await testServers('questdb');
  await ensureTables(questdbUrl, TABLES);
  const misspelt: Table = { ...bookTop, columns: [['bid_prize', 'DOUBLE']] };
  const sender = await openSender(questdbUrl, misspelt);
  sender.add({ ...bookTopRow(testInstrument(), 1), bid_prize: 1 });
  const refusal = await sender.flush().catch((error: unknown) => error);
  assert.instance(refusal, QuestdbError);
  assert.match((refusal as Error).message, /table book_top: .*bid_prize/s);
  await sender.close();
  const late = await openSender(questdbUrl, bookTop);
  const symbol = testInstrument();
  late.add(bookTopRow(symbol, 1));
  assert.throws(
    () => late.add({ ...bookTopRow(symbol, 2), ts: 1.5 }),
    /column ts: expected an integer in µs, found 1.5/,
  );
  assert.throws(() => late.add({ ...bookTopRow(symbol, 2), ask_qty: 'x' }), /number/);
  late.add(bookTopRow(symbol, 3));
  await flushed(late);
  assert.is(await countWithin(questdbUrl, symbol, 2), 2, 'the rows beside them are stored');
  await late.close();
});

test('a statement that is wrong and a password that is wrong say so', async () => {
  const { questdbUrl } = await testServers('questdb');
  const query = (url: string, sql: string) => questdbQuery(url, sql).catch((error: unknown) => error as Error);
  const refused = await query(questdbUrl, 'SELECT nothing FROM nowhere');
  assert.instance(refused, QuestdbError);
  assert.match((refused as Error).message, /nowhere.*at character 20/);
  const stranger = await query(questdbUrl.replace(/:[^:@]*@/, ':wrong@'), 'SELECT 1');
  assert.instance(stranger, ServerUnreachable);
  assert.match((stranger as Error).message, /refuses the user or password: correct DON_QUESTDB_URL/);
});

test('the common columns come first', () => {
  assert.equal(
    COMMON_COLUMNS.map(([name]) => name),
    ['ts', 'symbol', 'recording', 'receive_time', 'entry_id'],
  );
});

test.run();
