import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REPOSITORY } from '../../infra/home.ts';
import { createDerivation } from '../../pipelines/derivation.ts';
import { type TableRow, toRow } from '../../pipelines/rows.ts';
import { importFile } from '../../services/importer/import-file.ts';
import { captureSource } from '../../services/venue/capture/capture-source.ts';
import { LIVE } from '../../streams/keys.ts';
import { replay } from '../../streams/replay.ts';
import { INSTRUMENT, withRig } from '../services/recorder/rig.ts';
import { until } from '../support/until.ts';

// time limit: 480 s

const test = suite('e2e/capture-live');

const FILE = join(
  process.env['DON_CAPTURES'] || join(REPOSITORY, '..', 'shared', 'data', 'captures'),
  'usdm-btcusdt_20230404.gz',
);

/** So many diffs wait for their snapshot (operators/book/recent-diffs.ts): a book is never valid later than that. */
const WAITING_MAX = 512;
/** Rows of `book_levels` are a second apart, as soon as there is a diff, µs. */
const LATE_US_MAX = 1_500_000;

type Row = TableRow['columns'];

/** Rows by table and by what identifies them, less what tells of the receipt. */
async function rowsOf(redis: Redis, recording: string): Promise<Map<string, Map<string, Row>>> {
  const rows = new Map<string, Map<string, Row>>();
  const derivation = createDerivation({
    onDerived(derived, at, scale) {
      const row = toRow(derived, at, scale);
      if (row === undefined) return;
      const { receive_time, entry_id, ...columns } = row.columns;
      const key = [columns.ts, columns['trade_id'], columns['update_id'], columns['interval']].join('|');
      if (!rows.has(row.table)) rows.set(row.table, new Map());
      rows.get(row.table)!.set(key, columns);
    },
    onRefused: (error) => {
      throw error;
    },
  });
  for await (const entries of replay({ redis, instrument: INSTRUMENT, recording }))
    for (const entry of entries) derivation.push(entry);
  return rows;
}

/** How many events a recording has of the channels whose rows are compared. */
async function countsOf(redis: Redis, recording: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = { depth: 0, trade: 0, markPrice: 0 };
  for await (const entries of replay({ redis, instrument: INSTRUMENT, recording }))
    for (const { channel } of entries.flatMap(({ events }) => events))
      if (channel in counts) counts[channel] = counts[channel]! + 1;
  return counts;
}

/** Update ids of a recording's snapshots, and of the first diff behind the first of them. */
async function bookStart(redis: Redis, recording: string) {
  const snapshots: number[] = [];
  let firstDiff: number | undefined;
  for await (const entries of replay({ redis, instrument: INSTRUMENT, recording }))
    for (const { channel, payload } of entries.flatMap(({ events }) => events)) {
      if (channel === 'depthSnapshot') snapshots.push(JSON.parse(payload.toString()).lastUpdateId);
      else if (channel === 'depth' && snapshots.length > 0) firstDiff ??= JSON.parse(payload.toString()).u;
    }
  return { snapshots, firstDiff };
}

/** The first row that only one has or that differs, as text; undefined where all are equal. */
function firstDifference(ours: ReadonlyMap<string, Row>, theirs: ReadonlyMap<string, Row>): string | undefined {
  for (const key of [...new Set([...ours.keys(), ...theirs.keys()])].sort()) {
    const [one, other] = [JSON.stringify(ours.get(key)), JSON.stringify(theirs.get(key))];
    if (one !== other) return `live ${one}, imported ${other}`;
  }
  return undefined;
}

if (!existsSync(FILE)) console.log(`SKIP: no recording ${FILE}; set DON_CAPTURES to the folder of the captures.`);
else
  test('a capture recorded live through the venue gives the rows that its import gives', async () => {
    const onError = (error: Error): never => {
      throw error;
    };
    const source = await captureSource({ files: [FILE], pace: 10, startWhen: 'manual', onError });
    const settings = {
      channels: ['depth', 'bookTicker', 'trade', 'markPrice'],
      // Where the machine stands still, the recorder is not to take it for the venue.
      silence: () => ({ silentAfterMs: undefined }),
      halfOpenAfterMs: 120_000,
    };
    await withRig({ venue: { source }, settings }, async ({ redis, recorder }) => {
      const ups = () => recorder.lines.filter((line) => /connection \d+ is up/.test(line));
      await until('both connections', () => ups().length >= 2);
      source.play();
      await until('the end of the capture', () => source.state()['isDone'] === true, 180_000);
      const { recording } = await importFile({ redis, file: FILE, instrument: INSTRUMENT });
      const expected = await countsOf(redis, recording);
      await until('the last of it', async () => isDeepStrictEqual(await countsOf(redis, LIVE), expected));
      await recorder.end();
      const live = await rowsOf(redis, LIVE);
      const imported = await rowsOf(redis, recording);
      for (const table of ['trades', 'bars', 'mark_prices'])
        assert.is(firstDifference(live.get(table)!, imported.get(table)!), undefined, table);
      // A snapshot has its place in the log by when its answer came: the book may be valid some diffs later or earlier,
      // but from that snapshot on.
      const starts = [await bookStart(redis, LIVE), await bookStart(redis, recording)] as const;
      assert.is(starts[1].snapshots.length, 1);
      assert.equal(starts[0].snapshots, starts[1].snapshots, 'it is the one of the capture');
      for (const table of ['book_top', 'book_levels']) {
        const [ours, theirs] = [live.get(table) ?? new Map(), imported.get(table)!] as const;
        const firsts = [ours, theirs].map((rows): Row | undefined => [...rows.values()][0]);
        const isNext = firsts.map((row, n) => row?.['update_id'] === starts[n]!.firstDiff);
        assert.equal(isNext, [true, true], `${table}: the first rows are of the first diffs behind the snapshots`);
        const both = [...ours].filter(([key]) => theirs.has(key));
        const least = Math.max(ours.size, theirs.size) - WAITING_MAX;
        assert.ok(both.length >= least, `${table}: both have ${both.length} rows, expected ${least} at least`);
        const from = both.reduce((earliest, [, { ts }]) => Math.min(earliest, Number(ts)), Number.POSITIVE_INFINITY);
        const lateUs = from - Math.max(...firsts.map((row) => Number(row!['ts'])));
        assert.ok(lateUs <= LATE_US_MAX, `${table}: the first that both have is ${lateUs} µs behind the first of each`);
        const isLate = ([, { ts }]: [string, Row]): boolean => Number(ts) >= from;
        for (const [ones, others] of [
          [ours, theirs],
          [theirs, ours],
        ] as const)
          assert.equal(
            [...ones].filter((row) => !others.has(row[0]) && isLate(row)),
            [],
            `${table}: rows that only one has, behind the first that both have`,
          );
        assert.is(
          firstDifference(new Map(both), new Map(both.map(([key]) => [key, theirs.get(key)!]))),
          undefined,
          table,
        );
      }
      const features = [...live.get('features_spine_v1')!].filter(([key]) =>
        imported.get('features_spine_v1')!.has(key),
      );
      // Warm in both, and of the book alone: trades come on another connection, so that their place between diffs varies.
      const ofBook = ([, { trade_imbalance, mask, ...columns }]: [string, Row]): Row => columns as Row;
      const warm = features.filter(
        ([key, row]) => Number(row['mask']) & 64 && Number(imported.get('features_spine_v1')!.get(key)!['mask']) & 64,
      );
      assert.ok(warm.length > 1_000, `expected more than 1000 warm rows, found ${warm.length}`);
      const ofBoth = (rows: Map<string, Row>): Map<string, Row> =>
        new Map(warm.map(([key]) => [key, ofBook([key, rows.get(key)!])]));
      const [ours, theirs] = [live, imported].map((rows) => ofBoth(rows.get('features_spine_v1')!));
      assert.is(firstDifference(ours!, theirs!), undefined, 'features');
    });
  });

test.run();
