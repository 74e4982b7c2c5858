// time limit: 240 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../infra/questdb/applied.ts';
import { questdbQuery } from '../../../infra/questdb.ts';
import { connectRedis } from '../../../infra/redis.ts';
import { featureSetNamed, setHash } from '../../../pipelines/feature-sets.ts';
import { verifyRecording } from '../../../services/deriver/verify-recording.ts';
import { backfill } from '../../../services/features/backfill/backfill.ts';
import { listBackfilledSets } from '../../../services/features/backfill/backfilled-sets.ts';
import { ensureReadableTables } from '../../../services/features/feature-table.ts';
import { backfilledKey, LIVE } from '../../../streams/keys.ts';
import { entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testServers } from '../../support/servers.ts';
import { appendEntries } from '../api/append-events.ts';
import { record } from '../jobs/recorded-market.ts';

const test = suite('services/deriver/verify-backfilled');
const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const redis = await connectRedis(redisUrl);
await ensureReadableTables(questdbUrl);
const ENTRIES = entriesOf(madeMarket({ seed: 61, events: 2_400, quietEvents: 1_200, pace: 6 }), [6]);
const timeAt = (entry: number): number => ENTRIES[Math.floor(entry)]!.events[0]!.receiveTimeUs;
/** One of quotes and one of bars that are not derived of every recording, and one that is. */
const SETS = ['book-v1', 'derivatives-v1', 'spine-v1'].map((id) => featureSetNamed(id)!);

interface Filled {
  readonly instrument: string;
  readonly verify: (span?: { fromUs?: number; toUs?: number }) => ReturnType<typeof verifyRecording>;
  readonly fill: (set: (typeof SETS)[number], span?: { fromUs?: number; toUs?: number }) => Promise<unknown>;
  readonly change: (sql: string) => Promise<void>;
}

async function recorded(entries = ENTRIES): Promise<Filled> {
  const instrument = await record(redis, entries);
  const of = { redis, questdbUrl, instrument, recording: LIVE };
  return {
    instrument,
    verify: (span = {}) => verifyRecording({ ...of, ...span }),
    fill: (set, span = {}) => backfill({ ...of, redisUrl, set, workers: 2, chunkMs: 60_000, ...span }),
    async change(sql) {
      await questdbQuery(questdbUrl, sql.replace('WHERE', `WHERE symbol = '${instrument}' AND`));
      await waitUntilApplied(questdbUrl);
    },
  };
}

for (const set of SETS)
  test(`the rows of ${set.id} are what the log gives, and one value that is not is named`, async () => {
    const { fill, verify, change } = await recorded();
    await fill(set);
    const report = await verify();
    assert.equal([report.differenceCount, report.outdatedSets], [0, []], JSON.stringify(report.differences[0]));
    assert.ok(report.rows[set.table]! > 1, JSON.stringify(report.rows));
    const column = set.columns.find(({ name }) => name.length > 0)!.name;
    await change(`UPDATE ${set.table} SET ${column} = coalesce(${column}, 0) + 0.5 WHERE mask >= 0`);
    const { differenceCount, differences } = await verify();
    assert.is(differenceCount, report.rows[set.table]);
    const [first] = differences;
    assert.equal([first!.table, first!.kind, first!.column], [set.table, 'differs', column]);
    assert.is(first!.stored, ((first!.recomputed as number | null) ?? 0) + 0.5);
  });

test('rows that are missing, and rows that the log does not give, are named', async () => {
  const { instrument, fill, verify, change } = await recorded();
  const set = SETS[0]!;
  await fill(set);
  const row = `to_timestamp('2024-08-09', 'yyyy-MM-dd'), '${instrument}', '${LIVE}', to_timestamp('2024-08-09', 'yyyy-MM-dd'), '1723161255000-0:0', 7`;
  await change(`INSERT INTO ${set.table} (ts, symbol, recording, receive_time, entry_id, update_id) VALUES (${row})`);
  const { differences } = await verify();
  assert.equal(
    differences.map(({ kind, entryId }) => [kind, entryId]),
    [['unexpected', '1723161255000-0:0']],
  );
  const other = await recorded();
  await redis.copy(backfilledKey(instrument, LIVE), backfilledKey(other.instrument, LIVE));
  const missing = await other.verify();
  assert.is(missing.differenceCount, missing.rows[set.table]);
  assert.ok(missing.differenceCount > 100 && missing.differences.every(({ kind }) => kind === 'missing'));
});

test('what the log got since, and what is outside the span that was filled, is not compared', async () => {
  const half = Math.floor(ENTRIES.length / 2);
  const { instrument, fill, verify, change } = await recorded(ENTRIES.slice(0, half));
  const set = SETS[0]!;
  const [fromUs, lateUs, toUs] = [0.2, 0.5, 0.8].map((share) => timeAt(share * half)) as [number, number, number];
  const span = { fromUs, toUs };
  await fill(set, span);
  const { rows, differenceCount } = await verify();
  assert.is(differenceCount, 0);
  await change(`UPDATE ${set.table} SET midprice = 1 WHERE receive_time > ${lateUs}`);
  const { differenceCount: late } = await verify();
  assert.ok(late > 0 && late < rows[set.table]!);
  assert.is((await verify({ toUs: lateUs })).differenceCount, 0);
  // A longer span of the same set takes its place; a shorter one does not.
  await fill(set);
  const [whole] = await listBackfilledSets(redis, { instrument, recording: LIVE });
  await fill(set, span);
  assert.equal(await listBackfilledSets(redis, { instrument, recording: LIVE }), [whole!]);
  assert.equal([whole!.fromUs, whole!.toUs, whole!.lastEntryId], [null, null, ENTRIES[half - 1]!.entryId]);
  const grown = ENTRIES.slice(half);
  await appendEntries(redis, instrument, grown);
  const after = await verify();
  assert.equal([after.differenceCount, after.rows[set.table]! > rows[set.table]!], [0, true]);
});

test('a set that has another definition by now is outdated, and not compared', async () => {
  const { instrument, fill, verify, change } = await recorded();
  const set = SETS[0]!;
  await fill(set);
  const key = backfilledKey(instrument, LIVE);
  const kept = JSON.parse((await redis.hget(key, set.id))!);
  await redis.hset(key, set.id, JSON.stringify({ ...kept, hash: '0123456789abcdef' }));
  await change(`UPDATE ${set.table} SET midprice = 1 WHERE midprice > 0`);
  const { outdatedSets, differenceCount, rows } = await verify();
  assert.equal(outdatedSets, [{ set: set.id, storedHash: '0123456789abcdef', hash: setHash(set) }]);
  assert.equal([differenceCount, rows[set.table]], [0, undefined]);
  await fill(set);
  const mended = await verify();
  assert.equal([mended.outdatedSets, mended.differenceCount], [[], 0]);
});

test('ends', async () => {
  await redis.quit();
});

test.run();
