import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import { questdbQuery } from '../../../infra/questdb.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { deriveRecording } from '../../../services/deriver/derive-recording.ts';
import { verifyRecording } from '../../../services/deriver/verify-recording.ts';
import { ensureReadableTables } from '../../../services/features/feature-table.ts';
import { createAppender } from '../../../streams/append.ts';
import { deleteCheckpoint, getCheckpoint, setCheckpoint } from '../../../streams/checkpoint.ts';
import { registerRecording } from '../../../streams/recordings.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';

const test = suite('services/deriver/verify-recording');

const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const RECORDING = 'fe51fe000001';
const EVENTS = 5_000;

interface Derived {
  readonly redis: Redis;
  readonly instrument: string;
  readonly verify: (span?: {
    fromUs?: number;
    toUs?: number;
    rowsASlice?: number;
  }) => ReturnType<typeof verifyRecording>;
  /** Runs a statement on the recording's rows; `WHERE` stands for what chooses them. */
  readonly change: (sql: string) => Promise<void>;
}

/** A recording whose rows are all stored. */
async function withDerived(work: (derived: Derived) => Promise<void>): Promise<void> {
  await ensureReadableTables(questdbUrl);
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  try {
    const appender = createAppender({ redis, instrument, recording: RECORDING });
    for (const { entryId, events } of entriesOf(madeMarket({ seed: 51, events: EVENTS, quietEvents: 3_000 }), [10]))
      await appender.append(events, { entryId });
    await registerRecording(redis, instrument, { recording: RECORDING, kind: 'import', counts: {} });
    const of = { redis, questdbUrl, instrument, recording: RECORDING };
    await deriveRecording(of);
    await work({
      redis,
      instrument,
      verify: (span = {}) => verifyRecording({ ...of, ...span }),
      async change(sql) {
        await questdbQuery(questdbUrl, sql.replace('WHERE', `WHERE symbol = '${instrument}' AND`));
        await waitUntilApplied(questdbUrl);
      },
    });
  } finally {
    await redis.quit();
  }
}

test('finds nothing to say of rows that are what the log gives, and counts them', async () => {
  await withDerived(async ({ verify, redis, instrument }) => {
    const report = await verify();
    assert.equal([report.differenceCount, report.differences], [0, []]);
    assert.is(
      report.upTo,
      (await getCheckpoint(redis, { instrument, consumer: 'deriver', recording: RECORDING }))!.entryId,
    );
    for (const [table, count] of Object.entries(report.rows)) assert.ok(count > 0, table);
  });
});

test('in many slices it finds what it finds in one', async () => {
  await withDerived(async ({ verify, change, instrument }) => {
    await change('UPDATE trades SET qty = qty + 1 WHERE trade_id % 97 = 0');
    const row = `to_timestamp('2024-08-09', 'yyyy-MM-dd'), '${instrument}', '${RECORDING}', to_timestamp('2024-08-09', 'yyyy-MM-dd'), '1723161255000-0:0'`;
    await change(
      `INSERT INTO trades (ts, symbol, recording, receive_time, entry_id, trade_id, price) VALUES (${row}, 123456, 1)`,
    );
    const whole = await verify();
    assert.ok(whole.differenceCount > 2);
    for (const rowsASlice of [1, 700]) assert.equal(await verify({ rowsASlice }), whole, `${rowsASlice} rows a slice`);
  });
});

test('rows that another version has derived are said to be so, not to be wrong', async () => {
  await withDerived(async ({ verify, redis, instrument }) => {
    const owner = { instrument, consumer: 'deriver', recording: RECORDING };
    const stored = (await getCheckpoint(redis, owner))!;
    await setCheckpoint(redis, owner, { ...stored, version: 'spine-0' });
    const { outdated, differenceCount, rows } = await verify();
    assert.equal([outdated, differenceCount, rows], ['spine-0', 0, {}]);
  });
});

test('names a row that differs, and one that nothing gives', async () => {
  await withDerived(async ({ verify, change, instrument }) => {
    await change('UPDATE mark_prices SET mark_price = mark_price + 0.00000001 WHERE mark_price > 0');
    const marks = await verify();
    assert.ok(
      marks.differences.every(
        ({ table, kind, column }) => table === 'mark_prices' && kind === 'differs' && column === 'mark_price',
      ),
    );
    assert.is(marks.differenceCount, marks.rows['mark_prices']);
    assert.ok(marks.differences.length <= 20);
    const first = marks.differences[0]!;
    assert.ok(Math.abs(Number(first.stored) - Number(first.recomputed) - 1e-8) < 1e-9);

    await change("UPDATE bars SET entry_id = '1-0:0' WHERE trades > 0");
    const bars = (await verify()).differences.find(({ table }) => table === 'bars');
    assert.is(bars?.column, 'entry_id');

    const row = `to_timestamp('2024-08-09', 'yyyy-MM-dd'), '${instrument}', '${RECORDING}', to_timestamp('2024-08-09', 'yyyy-MM-dd'), '1723161255000-0:0'`;
    await change(
      `INSERT INTO trades (ts, symbol, recording, receive_time, entry_id, trade_id, price) VALUES (${row}, 123456, 1)`,
    );
    const { differences } = await verify();
    const [unexpected] = differences.filter(({ kind }) => kind === 'unexpected');
    assert.equal([unexpected!.table, unexpected!.entryId, unexpected!.column], ['trades', '1723161255000-0:0', null]);
  });
});

test('names rows that the checkpoint promises and that are not there', async () => {
  await withDerived(async ({ verify, redis, instrument }) => {
    // Another recording's checkpoint, but none of its rows.
    const other = testInstrument();
    const appender = createAppender({ redis, instrument: other, recording: RECORDING });
    for (const { entryId, events } of entriesOf(madeMarket({ seed: 52, events: 300 }), [10]))
      await appender.append(events, { entryId });
    const owner = { consumer: 'deriver', recording: RECORDING };
    const checkpoint = (await getCheckpoint(redis, { ...owner, instrument }))!;
    await setCheckpoint(redis, { ...owner, instrument: other }, checkpoint);
    const report = await verifyRecording({ redis, questdbUrl, instrument: other, recording: RECORDING });
    const total = Object.values(report.rows).reduce((sum, count) => sum + count, 0);
    assert.is(report.differenceCount, total);
    assert.ok(report.differences.every(({ kind, stored }) => kind === 'missing' && stored === null));
    assert.is((await verify()).differenceCount, 0, 'the other one is as it was');
  });
});

test('looks at the span that is asked for alone', async () => {
  await withDerived(async ({ verify, change }) => {
    const { rows } = await verify();
    await change('UPDATE trades SET qty = qty + 1 WHERE qty > 0');
    const startUs = 1_723_161_255_000_000;
    const half = await verify({ fromUs: startUs, toUs: startUs + 20_000_000 });
    assert.ok(half.rows['trades']! > 0 && half.rows['trades']! < rows['trades']!);
    assert.is(half.differenceCount, half.rows['trades']);
    const none = await verify({ fromUs: startUs - 9_000_000, toUs: startUs - 1 });
    assert.equal([none.differenceCount, none.rows['trades']], [0, 0]);
  });
});

test('of what was not derived yet it says so', async () => {
  await withDerived(async ({ verify, redis, instrument }) => {
    await deleteCheckpoint(redis, { instrument, consumer: 'deriver', recording: RECORDING });
    const report = await verify();
    assert.is(report.upTo, null);
    assert.is(report.rows['trades'], 0);
  });
});

test.run();
