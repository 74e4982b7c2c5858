import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../infra/redis.ts';
import type { TableRow } from '../../../pipelines/rows.ts';
import { openDeriver } from '../../../services/deriver/deriver.ts';
import type { RowStore } from '../../../services/deriver/row-store.ts';
import { getCheckpoint } from '../../../streams/checkpoint.ts';
import { listDeadLetters } from '../../../streams/dead-letter.ts';
import { LIVE } from '../../../streams/keys.ts';
import { deriveLog, entriesOf } from '../../pipelines/derive.ts';
import { madeMarket } from '../../pipelines/made-market.ts';
import { testInstrument, testServers } from '../../support/servers.ts';

const test = suite('services/deriver/deriver');

const { redisUrl } = await testServers('redis');
const MARKET = entriesOf(madeMarket({ seed: 61, events: 900 }), [3]);

/** Keeps the rows, and is in the middle of a flush for as long as `flushing` says: a moment that no server can be held at. */
function slowRowStore(rows: TableRow[], flushing: Promise<void>): RowStore {
  return {
    pending: 0,
    committed: 0,
    add: (_instrument, _recording, row) => rows.push(row),
    flush: () => flushing,
    close: async () => {},
  };
}

test('no checkpoint is stored while its rows are not', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const refusing = Promise.reject(new Error('QuestDB refuses the rows'));
  refusing.catch(() => {});
  const rows = slowRowStore([], refusing);
  const deriver = await openDeriver({ redis, rows, instrument, recording: LIVE, isStreamed: true });
  for (const entry of MARKET.slice(0, 50)) deriver.push(entry);
  const failure = await deriver.checkpoint().then(
    () => 'none',
    (error: Error) => error.message,
  );
  assert.is(failure, 'QuestDB refuses the rows');
  assert.is(await getCheckpoint(redis, { instrument, consumer: 'deriver' }), undefined);
  await redis.quit();
});

test('what comes while rows are stored is not in the checkpoint, and the next deriver goes on with it', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const rows: TableRow[] = [];
  const { promise: flushing, resolve: stored } = Promise.withResolvers<void>();
  const options = { redis, instrument, recording: LIVE, isStreamed: true };
  const deriver = await openDeriver({ ...options, rows: slowRowStore(rows, flushing) });
  for (const entry of MARKET.slice(0, 150)) deriver.push(entry);
  const checkpoint = deriver.checkpoint();
  const upTo = rows.length;
  for (const entry of MARKET.slice(150, 200)) deriver.push(entry);
  stored();
  await checkpoint;
  const next: TableRow[] = [];
  const following = await openDeriver({ ...options, rows: slowRowStore(next, flushing) });
  assert.is(following.from, MARKET[149]!.entryId);
  for (const entry of MARKET.slice(150)) following.push(entry);
  assert.equal([...rows.slice(0, upTo), ...next], deriveLog(MARKET, { isComplete: false }).rows);
  await redis.quit();
});

test('a refused payload is one dead letter, stored before the checkpoint and not again by who derives it anew', async () => {
  const redis = await connectRedis(redisUrl);
  const instrument = testInstrument();
  const expected = deriveLog(MARKET).refused.length;
  assert.ok(expected > 0);
  const letters = async () => (await listDeadLetters(redis, instrument)).map(({ reason }) => reason);
  for (const recording of [LIVE, LIVE, 'dead1e77e501']) {
    const options = { redis, instrument, recording, isStreamed: false };
    const deriver = await openDeriver({ ...options, rows: slowRowStore([], Promise.resolve()) });
    for (const entry of MARKET) deriver.push(entry);
    assert.is(deriver.counts.refused, expected);
    if (recording === LIVE) {
      await deriver.checkpoint();
      assert.is(new Set(await letters()).size, expected);
      assert.is((await letters()).length, expected);
      await redis.del(`don:{${instrument}}:checkpoint:deriver`);
    }
  }
  await redis.quit();
});

test('topics are made of what was told since the entry before, and of trades the bar in progress', async () => {
  const redis = await connectRedis(redisUrl);
  const options = { redis, rows: slowRowStore([], Promise.resolve()), instrument: testInstrument(), recording: LIVE };
  const streamed = await openDeriver({ ...options, isStreamed: true });
  const silent = await openDeriver({ ...options, isStreamed: false });
  let bars = 0;
  for (const entry of MARKET) {
    assert.is(silent.push(entry), undefined);
    const told = streamed.push(entry);
    if (told === undefined) continue;
    assert.is(told.entryId, entry.entryId);
    assert.ok(told.events.length > 0);
    const topics = told.events.map(([topic]) => topic);
    const hasTrade = topics.includes('trades');
    assert.is(topics.filter((topic) => topic === 'bar').length, hasTrade ? 1 : 0);
    if (hasTrade) {
      bars++;
      const [topic, json] = told.events.at(-1)!;
      assert.is(topic, 'bar');
      assert.match(json, new RegExp(`^\\{"i":${entry.events.length - 1},"ts":\\d+,"interval":"1m","source":"trades"`));
    }
  }
  assert.ok(bars > 50);
  await redis.quit();
});

test.run();
