import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { createAppender } from '../../streams/append.ts';
import type { EventToAppend } from '../../streams/entry.ts';
import { rawKey } from '../../streams/keys.ts';
import { type TailBatch, type TailOptions, tail } from '../../streams/tail.ts';
import { countHalfSeconds } from '../support/half-seconds.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { killConnections, otherConnections } from './kill-connections.ts';
import { linesOf } from './log-of.ts';
import { aggTrade, bookTicker } from './sample-events.ts';

const test = suite('streams/tail');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

/** Follows until `isEnough`, or for a minute; gives back what came. */
async function follow(
  streams: TailOptions['streams'],
  isEnough: (batches: readonly TailBatch[]) => boolean,
  options: Partial<TailOptions> = {},
): Promise<TailBatch[]> {
  const own = await connectRedis(redisUrl, { blocking: true });
  const batches: TailBatch[] = [];
  try {
    for await (const batch of tail({ redis: own, streams, signal: AbortSignal.timeout(60_000), ...options })) {
      batches.push(batch);
      if (isEnough(batches)) break;
    }
    return batches;
  } finally {
    own.disconnect();
  }
}

/** Waits until a reader waits in Redis for what comes. */
const blocked = () =>
  until('a blocked reader', async () => (await otherConnections(redis)).some(({ flags }) => flags?.includes('b')));

const eventsOf = (batches: readonly TailBatch[]): EventToAppend[] =>
  batches.flatMap(({ entries }) => entries.flatMap(({ events }) => events));
const has = (count: number) => (batches: readonly TailBatch[]) => eventsOf(batches).length >= count;

test('gives what is there, then what comes, in order', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument });
  const trades = Array.from({ length: 60 }, (_, i) => aggTrade(i));
  for (const event of trades.slice(0, 20)) await appender.append([event]);
  const following = follow([{ instrument, from: '0-0' }], has(60), { count: 7 });
  for (const event of trades.slice(20)) {
    await appender.append([event]);
    await sleep(1);
  }
  const batches = await following;
  assert.equal(linesOf(eventsOf(batches)), linesOf(trades));
  assert.ok(batches.every((batch) => batch.trimmed === undefined && batch.instrument === instrument));
});

test('goes on behind the entry it is told', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument });
  const ids = [];
  for (let i = 0; i < 4; i++) ids.push((await appender.append([aggTrade(i)])).entryId!);
  const batches = await follow([{ instrument, from: ids[1]! }], has(2));
  assert.equal(linesOf(eventsOf(batches)), linesOf([aggTrade(2), aggTrade(3)]));
});

test('from $ it gives only what is new', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument });
  await appender.append([aggTrade(1)]);
  const following = follow([{ instrument, from: '$' }], has(1), { blockMs: 60_000 });
  await blocked();
  await appender.append([aggTrade(2)]);
  assert.equal(linesOf(eventsOf(await following)), linesOf([aggTrade(2)]));
});

test('follows several recordings, each in its own order', async () => {
  const [one, other] = [testInstrument(), testInstrument()];
  const recording = '0123456789ab';
  const following = follow(
    [
      { instrument: one, from: '0-0' },
      { instrument: other, recording, from: '0-0' },
    ],
    has(40),
  );
  const [first, second] = [
    createAppender({ redis, instrument: one }),
    createAppender({ redis, instrument: other, recording }),
  ];
  for (let i = 0; i < 20; i++) {
    await first.append([aggTrade(i)]);
    await second.append([bookTicker(i)], { entryId: `${i + 1}-0` });
  }
  const batches = await following;
  const of = (instrument: string) => eventsOf(batches.filter((batch) => batch.instrument === instrument));
  assert.equal(linesOf(of(one)), linesOf(Array.from({ length: 20 }, (_, i) => aggTrade(i))));
  assert.equal(linesOf(of(other)), linesOf(Array.from({ length: 20 }, (_, i) => bookTicker(i))));
  assert.is(batches.find((batch) => batch.instrument === other)!.recording, recording);
});

test('outlives cut connections without loss or repetition', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument });
  const following = follow([{ instrument, from: '0-0' }], has(200));
  // The reader may still be on its way back from the cut before.
  const cutReader = async (): Promise<void> => {
    while ((await killConnections(redis)) === 0) await sleep(5);
  };
  for (let i = 0; i < 200; i++) {
    await appender.append([aggTrade(i)]);
    await sleep(2);
    if (i % 60 === 30) await cutReader();
  }
  const batches = await following;
  assert.equal(linesOf(eventsOf(batches)), linesOf(Array.from({ length: 200 }, (_, i) => aggTrade(i))));
});

test('is back at once after a cut while it waits, not when the wait ends', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument });
  await appender.append([aggTrade(0)]);
  const following = follow([{ instrument, from: '0-0' }], has(2), { blockMs: 300_000 });
  // A reader waits only once it has read all that there was.
  await blocked();
  await killConnections(redis);
  const halfSeconds = countHalfSeconds();
  await appender.append([aggTrade(1)]);
  assert.is(eventsOf(await following).length, 2);
  halfSeconds.stop();
  assert.ok(halfSeconds.count() <= 16, `back after ${halfSeconds.count()} half seconds`);
});

test('says what was trimmed before it could be read', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument });
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push((await appender.append([aggTrade(i)])).entryId!);
  await redis.xtrim(rawKey(instrument, 'live'), 'MINID', ids[4]!);
  const [batch] = await follow([{ instrument, from: ids[1]! }], has(2));
  assert.equal(batch!.trimmed, { after: ids[1], before: ids[4] });
  assert.equal(linesOf(eventsOf([batch!])), linesOf([aggTrade(4), aggTrade(5)]));
  const [next] = await follow([{ instrument, from: ids[4]! }], has(1));
  assert.is(next!.trimmed, undefined, 'the entry that it goes on behind is still there');
});

test('says of which recording something was trimmed', async () => {
  const [whole, trimmed] = [testInstrument(), testInstrument()];
  const ids: string[] = [];
  for (const instrument of [whole, trimmed]) {
    const appender = createAppender({ redis, instrument });
    for (let i = 0; i < 3; i++) ids.push((await appender.append([aggTrade(i)])).entryId!);
  }
  await redis.xtrim(rawKey(trimmed, 'live'), 'MINID', ids[5]!);
  const streams = [
    { instrument: whole, from: ids[0]! },
    { instrument: trimmed, from: ids[3]! },
  ];
  const batches = await follow(streams, has(3));
  assert.equal(
    batches.map((batch) => [batch.instrument, batch.trimmed]),
    [
      [whole, undefined],
      [trimmed, { after: ids[3], before: ids[5] }],
    ],
  );
});

test('says what was trimmed while it was reading', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument });
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push((await appender.append([aggTrade(i)])).entryId!);
  const own = await connectRedis(redisUrl, { blocking: true });
  const trimmed = [];
  for await (const batch of tail({ redis: own, streams: [{ instrument, from: '0-0' }], count: 2 })) {
    trimmed.push(batch.trimmed);
    if (trimmed.length === 2) break;
    await redis.xtrim(rawKey(instrument, 'live'), 'MINID', ids[4]!);
  }
  own.disconnect();
  assert.equal(trimmed, [undefined, { after: ids[1], before: ids[4] }]);
});

test('says within a second what was trimmed while it kept up', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument });
  const id = async (i: number): Promise<string> => (await appender.append([aggTrade(i)])).entryId!;
  const [first] = [await id(0), await id(1)];
  const own = await connectRedis(redisUrl, { blocking: true });
  const spans = [];
  let next = 2;
  for await (const batch of tail({ redis: own, streams: [{ instrument, from: first! }] })) {
    spans.push(batch.trimmed);
    if (spans.length === 1) {
      // Written and trimmed between two reads that are not full.
      await id(next++);
      await redis.xtrim(rawKey(instrument, 'live'), 'MAXLEN', 0);
    } else if (batch.trimmed !== undefined) break;
    await sleep(100);
    await id(next++);
    assert.ok(spans.length < 20, 'it is said within a second');
  }
  own.disconnect();
  assert.is(spans[0], undefined);
});

test('refuses to go on behind an entry that the log has not reached', async () => {
  const instrument = testInstrument();
  await createAppender({ redis, instrument }).append([aggTrade(1)]);
  for (const from of ['99999999999999-0', '5-0']) {
    const error = await follow([{ instrument: from === '5-0' ? testInstrument() : instrument, from }], has(1)).then(
      () => undefined,
      (reason: Error) => reason,
    );
    assert.match(
      error?.message ?? 'no error',
      /expected an entry .* found a log that ends at .* delete the checkpoint/,
    );
  }
});

test('ends when it is told to, also while it waits', async () => {
  const stop = new AbortController();
  const streams = [{ instrument: testInstrument(), from: '0-0' }];
  const following = follow(streams, has(1), { signal: stop.signal, blockMs: 300_000 });
  await blocked();
  const halfSeconds = countHalfSeconds();
  stop.abort();
  assert.equal(await following, []);
  halfSeconds.stop();
  assert.ok(halfSeconds.count() <= 16, `ended after ${halfSeconds.count()} half seconds`);
});

test('throws what Redis refuses', async () => {
  const instrument = testInstrument();
  await redis.set(rawKey(instrument, 'live'), 'x');
  const error = await follow([{ instrument, from: '0-0' }], has(1)).then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.match(error?.message ?? 'no error', /WRONGTYPE/);
});

test('closes', () => redis.disconnect());

test.run();
