// time limit: 240 s
import { isDeepStrictEqual } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waitUntilApplied } from '../../../../infra/questdb/applied.ts';
import { connectRedis } from '../../../../infra/redis.ts';
import { PAIR_V1 } from '../../../../operators/features/sets/pair-v1.ts';
import { storedRows } from '../../../../services/deriver/stored-rows.ts';
import { verifyRecording } from '../../../../services/deriver/verify-recording.ts';
import { backfill } from '../../../../services/features/backfill/backfill.ts';
import { ensureReadableTables, featureTable } from '../../../../services/features/feature-table.ts';
import { runPairs } from '../../../../services/features/pairs/run-pairs.ts';
import { getCheckpoint } from '../../../../streams/checkpoint.ts';
import type { Entry } from '../../../../streams/entry.ts';
import { compareEntryIds, FIRST_ENTRY_ID, parseEventId } from '../../../../streams/id.ts';
import { featureSetKey, LIVE } from '../../../../streams/keys.ts';
import { derivePair, mergeLogs, pairedLog } from '../../../pipelines/pair-market.ts';
import { testInstrument, testServers } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { appendEntries } from '../../api/append-events.ts';

const test = suite('services/features/pairs/pairs');
const { redisUrl, questdbUrl } = await testServers('redis', 'questdb');
const redis = await connectRedis(redisUrl);
await ensureReadableTables(questdbUrl);

const LOGS = [pairedLog(101), pairedLog(201)] as const;

const TRIED_AGAIN =
  /^(rows of pair-v1 are not stored|the stream of pair-v1 is refused): .*(timed? ?out|no answer within|ECONN|EPIPE|socket|closed|terminated)/i;

interface Pair {
  readonly instrument: string;
  readonly other: string;
}

async function append(instrument: string, entries: readonly Entry[]): Promise<void> {
  await appendEntries(redis, instrument, entries);
}

/** The entry at a share of the first log. */
const entryAt = (share: number): Entry => LOGS[0][Math.ceil(LOGS[0].length * share) - 1]!;

/** Both logs from behind one entry up to another: live, none comes later with an id before those that are there. */
async function record({ instrument, other }: Pair, after: string, to: string): Promise<void> {
  const part = (log: readonly Entry[]): readonly Entry[] =>
    log.filter(({ entryId }) => compareEntryIds(entryId, after) > 0 && compareEntryIds(entryId, to) <= 0);
  await append(instrument, part(LOGS[0]));
  await append(other, part(LOGS[1]));
}

async function stored({ instrument }: Pair): Promise<Record<string, unknown>[]> {
  await waitUntilApplied(questdbUrl);
  const of = { url: questdbUrl, table: featureTable(PAIR_V1), instrument, recording: LIVE };
  const rows: Record<string, unknown>[] = [];
  for await (const page of storedRows({ ...of, fromUs: undefined, toUs: undefined }))
    rows.push(...page.map(({ symbol: _, recording: __, ...row }) => row));
  return rows;
}

function assertRows(found: readonly Record<string, unknown>[], pair: Pair): void {
  const expected = derivePair(mergeLogs(LOGS), pair.other);
  assert.is(found.length, expected.length);
  for (const [n, row] of found.entries())
    assert.ok(
      isDeepStrictEqual({ ...expected[n] }, row),
      `at ${row['entry_id']}: ${JSON.stringify([expected[n], row])}`,
    );
}

const newPair = (): Pair => ({ instrument: testInstrument(), other: testInstrument() });

test('filled in chunks side by side it is what one run over both logs gives, to the last bit', async () => {
  const pair = newPair();
  const { instrument, other } = pair;
  await append(instrument, LOGS[0]);
  await append(other, LOGS[1]);
  const options = { redis, redisUrl, questdbUrl, instrument, recording: LIVE, set: PAIR_V1, workers: 2 };
  const refused = await backfill(options).catch((error: Error) => error.message);
  assert.is(refused, 'backfill of pair-v1, other: expected another instrument');
  const report = await backfill({ ...options, other: { instrument: other, recording: LIVE }, chunkMs: 130_000 });
  assert.ok(report.chunks > 5);
  assertRows(await stored(pair), pair);
});

test('live, stopped and started again, it is the same, and streamed without a hole or a repeat', async () => {
  const pair = newPair();
  const said: string[] = [];
  const run = async (isDone: () => Promise<boolean>): Promise<void> => {
    const abort = new AbortController();
    const { signal } = abort;
    const log = (_: string, message: string): void => void said.push(message);
    const running = runPairs({ redisUrl, questdbUrl, set: PAIR_V1, pairs: [pair], log, signal });
    await until('the rows are there', isDone).finally(() => abort.abort());
    await running;
  };
  const cuts = [FIRST_ENTRY_ID, entryAt(0.4).entryId, entryAt(0.6).entryId, '9999999999999-0'];
  for (const [n, to] of cuts.entries()) {
    if (n === 0) continue;
    await record(pair, cuts[n - 1]!, to);
    const last = n === 3 ? LOGS[0].at(-1)!.entryId : to;
    await run(
      async () => (await getCheckpoint(redis, { instrument: pair.instrument, consumer: PAIR_V1.id }))?.entryId === last,
    );
  }
  // QuestDB or Redis may be slow to answer; then it is tried again.
  for (const message of said) assert.match(message, TRIED_AGAIN);
  const report = await verifyRecording({ redis, questdbUrl, instrument: pair.instrument, recording: LIVE });
  const rows = await stored(pair);
  assert.equal([report.differenceCount, report.rows[PAIR_V1.table]], [0, rows.length]);
  assertRows(rows, pair);
  const streamed = await redis.xrange(featureSetKey(pair.instrument, PAIR_V1.id), '-', '+');
  const events = streamed.flatMap(([, pairs]) => pairs.filter((_, n) => pairs[n - 1] === 'features'));
  // What was before it was first opened is in the table alone.
  const later = rows.filter(({ entry_id }) => compareEntryIds(parseEventId(String(entry_id)).entryId, cuts[1]!) > 0);
  assert.ok(later.length > 100);
  assert.equal(
    events.map((json) => JSON.parse(json).ts),
    later.map(({ ts }) => ts),
  );
  assert.is(JSON.parse(events[0]!).other, pair.other);
});

test('ends', async () => {
  await redis.quit();
});

test.run();
