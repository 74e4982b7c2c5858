// time limit: 240 s
import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../../infra/questdb/applied.ts';
import { connectRedis } from '../../../../infra/redis.ts';
import type { FeatureSet } from '../../../../operators/features/resolve-feature-set.ts';
import { DOLLAR_V1 } from '../../../../operators/features/sets/dollar-v1.ts';
import { FEATURE_SETS } from '../../../../pipelines/feature-sets.ts';
import { storedRows } from '../../../../services/deriver/stored-rows.ts';
import { backfill } from '../../../../services/features/backfill/backfill.ts';
import { ensureReadableTables, featureTable } from '../../../../services/features/feature-table.ts';
import { LIVE } from '../../../../streams/keys.ts';
import { deriveLog, entriesOf } from '../../../pipelines/derive.ts';
import { madeMarket } from '../../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../../support/servers.ts';
import { appendEntries } from '../../api/append-events.ts';

const test = suite('services/features/backfill/backfill');
const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const redis = await connectRedis(redisUrl);
await ensureReadableTables(questdbUrl);

/** One of bars that are not of time, and of other columns, besides. */
const SETS = [...FEATURE_SETS, DOLLAR_V1];

/** Twenty minutes, of which the second half has faults. */
const MARKET = [
  ...madeMarket({ seed: 91, events: 12_000, hasFaults: false }),
  ...madeMarket({ seed: 92, events: 6_000, startUs: 1_723_161_255_000_000 + 600_000_000 }),
];
const ENTRIES = entriesOf(MARKET, [7]);

async function record(): Promise<string> {
  const instrument = testInstrument();
  await appendEntries(redis, instrument, ENTRIES);
  return instrument;
}

/** Rows as a serial run gives them; the receive time is that of the entry here, as `appendEvents` writes it. */
const EXPECTED = deriveLog(
  ENTRIES.map(({ events, ...entry }) => ({
    ...entry,
    events: events.map((event) => ({ ...event, receiveTimeUs: events[0]!.receiveTimeUs })),
  })),
  { featureSets: SETS },
).rows;

async function assertStored(instrument: string, set: FeatureSet): Promise<void> {
  await waitUntilApplied(questdbUrl);
  const table = featureTable(set);
  const key = (row: Readonly<Record<string, unknown>>): string =>
    [row['ts'], ...table.dedupKeys.map((name) => row[name])].join(' ');
  const stored: unknown[] = [];
  for await (const page of storedRows({
    url: questdbUrl,
    table,
    instrument,
    recording: LIVE,
    fromUs: undefined,
    toUs: undefined,
  }))
    stored.push(...page.map(({ symbol: _, recording: __, ...row }) => row));
  const expected = new Map(
    EXPECTED.flatMap(({ table: of, columns }) => (of === set.table ? [[key(columns), columns]] : [])),
  );
  assert.is(stored.length, expected.size, `${set.id}: rows`);
  assert.ok(stored.length > 5);
  for (const row of stored as Record<string, unknown>[])
    assert.ok(isDeepStrictEqual({ ...expected.get(key(row)) }, row), `${set.id} at ${row['entry_id']}`);
}

for (const set of SETS)
  for (const workers of [1, 2])
    test(`${set.id} filled in chunks by ${workers} workers is what a serial run gives, to the last bit`, async () => {
      const instrument = await record();
      const chunks: number[] = [];
      const report = await backfill({
        redis,
        redisUrl,
        questdbUrl,
        instrument,
        recording: LIVE,
        set,
        workers,
        chunkMs: 130_000,
        onProgress: (done) => chunks.push(done),
      });
      assert.ok(report.chunks > 5);
      assert.equal(
        chunks,
        Array.from({ length: report.chunks }, (_, n) => n + 1),
      );
      assert.is(
        report.events,
        ENTRIES.reduce((sum, { events }) => sum + events.length, 0),
      );
      await assertStored(instrument, set);
    });

test('one that was interrupted goes on where it was', async () => {
  const instrument = await record();
  const set = FEATURE_SETS.find(({ id }) => id === 'default-v1')!;
  const options = { redis, redisUrl, questdbUrl, instrument, recording: LIVE, set, workers: 2, chunkMs: 130_000 };
  const abort = new AbortController();
  const first = await backfill({
    ...options,
    signal: abort.signal,
    onProgress: (done) => done === 3 && abort.abort(),
  }).catch((error: Error) => error.name);
  assert.is(first, 'AbortError');
  const chunks: number[] = [];
  await backfill({ ...options, onProgress: (done) => chunks.push(done) });
  // Those that were being stored may have got there too.
  assert.ok(chunks[0]! >= 4 && chunks[0]! <= 6, `it went on with chunk ${chunks[0]}`);
  await assertStored(instrument, set);
});

test('ends', async () => {
  await redis.quit();
});

test.run();
