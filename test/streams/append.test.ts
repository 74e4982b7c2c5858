import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { createAppender, lastSequences } from '../../streams/append.ts';
import type { EventToAppend } from '../../streams/entry.ts';
import { sequenceKey } from '../../streams/keys.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { linesOf, logOf } from './log-of.ts';
import {
  aggTrade,
  bookTicker,
  connected,
  depth,
  depthSnapshot,
  gap,
  kline,
  markPrice,
  trade,
} from './sample-events.ts';

const test = suite('streams/append');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

const NOTHING_ODD = { duplicates: [], gaps: [], deadLetters: [] };

function newLog() {
  const instrument = testInstrument();
  return { instrument, appender: createAppender({ redis, instrument }), contents: () => logOf(redis, instrument) };
}

function _gapLine(channel: string, expected: string | null, found: string | null, reason: string): string {
  return `gap ${JSON.stringify({ channel, expected, found, reason })}`;
}

test('appends a batch as one entry that holds the exact texts', async () => {
  const { instrument, appender } = newLog();
  const batch: EventToAppend[] = [
    connected(1),
    { channel: 'depth', payload: '{"U":1, "u":2,"pu":0,"s":"测试USDT"}', receiveTimeUs: 1_723_161_255_000_001 },
    { channel: 'trade', payload: Buffer.from('{"t":5,"s":"测试USDT"}'), receiveTimeUs: 1_723_161_255_000_003 },
  ];
  const { entryId, appended, ...odd } = await appender.append(batch, { traceparent: '00-ab-cd-01' });
  assert.is(appended, 3);
  assert.equal(odd, NOTHING_ODD);
  const entries = await redis.xrange(`don:{${instrument}}:raw`, '-', '+');
  assert.equal(entries, [
    [
      entryId,
      [
        ...[
          'v',
          '1',
          'receiveTimeUs',
          '1723161255000001',
          'receiveTimeDeltasUs',
          '0,0,2',
          'traceparent',
          '00-ab-cd-01',
        ],
        ...['connected', '{"channels":["depth"],"connection":1}'],
        ...['depth', '{"U":1, "u":2,"pu":0,"s":"测试USDT"}', 'trade', '{"t":5,"s":"测试USDT"}'],
      ],
    ],
  ]);
});

test('a batch sent again adds nothing, and all of it is reported', async () => {
  const { appender, contents } = newLog();
  const batch = [
    connected(1),
    depth(1, 5),
    aggTrade(7),
    trade(7),
    bookTicker(9),
    markPrice(3),
    kline(3),
    depthSnapshot(4),
  ];
  await appender.append(batch);
  const before = await contents();
  const again = await appender.append(batch);
  assert.is(again.entryId, null);
  assert.is(again.appended, 0);
  assert.equal(
    again.duplicates,
    batch.map(({ channel }, index) => ({ index, channel })),
  );
  assert.equal(await contents(), before);
  assert.equal(before, linesOf(batch));
});

test('of a batch that overlaps the log only the new part is added', async () => {
  const { appender, contents } = newLog();
  await appender.append([depth(1, 5), depth(5, 6), aggTrade(7), markPrice(3)]);
  const report = await appender.append([
    depth(5, 6),
    depth(6, 9),
    aggTrade(7),
    aggTrade(8),
    markPrice(3),
    markPrice(4),
  ]);
  assert.is(report.appended, 3);
  assert.equal(
    report.duplicates.map(({ index }) => index),
    [0, 2, 4],
  );
  assert.equal(
    await contents(),
    linesOf([depth(1, 5), depth(5, 6), aggTrade(7), markPrice(3), depth(6, 9), aggTrade(8), markPrice(4)]),
  );
});

test('of events with one time those with another text are new', async () => {
  const { appender, contents } = newLog();
  await appender.append([markPrice(5, '1.0'), kline(5)]);
  const { appended, duplicates } = await appender.append([markPrice(5, '1.0'), markPrice(5, '1.1'), kline(5, '1.1')]);
  assert.is(appended, 2);
  assert.equal(duplicates, [{ index: 0, channel: 'markPrice' }]);
  assert.equal(await contents(), linesOf([markPrice(5, '1.0'), kline(5), markPrice(5, '1.1'), kline(5, '1.1')]));
});

test('an event that comes twice in one batch is added once', async () => {
  const { appender, contents } = newLog();
  const once = [bookTicker(5), markPrice(5), connected(1), depth(1, 5), aggTrade(5)];
  const report = await appender.append(once.flatMap((event) => [event, event]));
  assert.equal(
    report.duplicates.map(({ index }) => index),
    [1, 3, 5, 7, 9],
  );
  assert.equal(await contents(), linesOf(once));
  for (const event of [connected(2), bookTicker(6), kline(6)])
    assert.is((await appender.append([event, event])).appended, 1, event.channel);
});

test('an own event with the same text at another time is another event', async () => {
  const { appender } = newLog();
  const report = await appender.append([connected(1, 10), connected(1, 11)]);
  assert.is(report.appended, 2);
});

test('two recorders of one market write every event once', async () => {
  const { instrument, contents } = newLog();
  const [one, other] = [createAppender({ redis, instrument }), createAppender({ redis, instrument })];
  const market = Array.from({ length: 40 }, (_, i) => depth(i, i + 1));
  for (let i = 0; i < 40; i += 4) {
    await one.append(market.slice(i, i + 4));
    await other.append(market.slice(Math.max(0, i - 3), i + 6));
  }
  assert.equal(await contents(), linesOf(market));
});

test('keeps the order of calls that are not awaited', async () => {
  const { appender, contents } = newLog();
  const market = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? depth(i, i + 2) : bookTicker(i)));
  await Promise.all(market.map((event) => appender.append([event])));
  assert.equal(await contents(), linesOf(market));
});

test('an import sets its ids, and takes up where it ended', async () => {
  const instrument = testInstrument();
  const recording = '0123456789ab';
  const importer = () => createAppender({ redis, instrument, recording });
  const entries = [1, 2, 3, 4].map((n) => ({ entryId: `1723161255000-${n}`, events: [aggTrade(n), markPrice(n)] }));
  for (const { entryId, events } of entries.slice(0, 3))
    assert.is((await importer().append(events, { entryId })).entryId, entryId);
  const reports = [];
  for (const { entryId, events } of entries) reports.push(await importer().append(events, { entryId }));
  assert.equal(
    reports.map(({ entryId }) => entryId),
    [null, null, null, '1723161255000-4'],
  );
  assert.equal(
    reports.map(({ duplicates }) => duplicates.length),
    [2, 2, 2, 0],
  );
  assert.equal(await logOf(redis, instrument, recording), linesOf(entries.flatMap(({ events }) => events)));
  assert.equal(await logOf(redis, instrument), [], 'and touches no other recording');
});

test('an id that is not above the last one adds nothing, whatever comes with it', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument, recording: '0123456789ab' });
  await appender.append([aggTrade(1)], { entryId: '10-5' });
  for (const entryId of ['10-5', '10-4', '9-6']) {
    const { appended, duplicates } = await appender.append([aggTrade(2)], { entryId });
    assert.equal([appended, duplicates.length], [0, 1], entryId);
  }
  assert.is((await appender.append([aggTrade(2)], { entryId: '10-6' })).appended, 1);
  assert.is((await appender.append([aggTrade(3)], { entryId: '11-0' })).appended, 1);
});

test('an import marks holes too, in its own entries', async () => {
  const instrument = testInstrument();
  const appender = createAppender({ redis, instrument, recording: '0123456789ab' });
  await appender.append([aggTrade(1)], { entryId: '9-0' });
  const report = await appender.append([aggTrade(3)], { entryId: '10-0' });
  assert.is(report.entryId, '10-0');
  assert.is(report.gaps.length, 1);
  const again = await appender.append([aggTrade(4)], { entryId: '10-0' });
  assert.equal([again.appended, again.gaps], [0, []]);
});

test('tells the last sequence of each channel', async () => {
  const { instrument, appender } = newLog();
  assert.equal([...(await lastSequences(redis, instrument))], []);
  await appender.append([depth(1, 5), depth(7, 9), connected(1), kline(12), gap('depth', null, null, 'silence', 9)]);
  const sequences = await lastSequences(redis, instrument);
  assert.equal([...sequences].sort(), [
    ['depth', 9],
    ['kline_1m', 12],
  ]);
  assert.is((await redis.hget(sequenceKey(instrument, 'live'), 'depth')) ?? '', '9?');
});

test('takes 512 events, every one preceded by a hole, and refuses 513', async () => {
  const { appender } = newLog();
  const holed = Array.from({ length: 512 }, (_, i) => aggTrade(i * 2));
  const report = await appender.append(holed);
  assert.is(report.gaps.length, 511);
  assert.is((await appender.append(holed)).appended, 0);
  await rejects(appender.append([...holed, aggTrade(9_999)]), /batch: expected 1 to 512 events, found 513/);
  await rejects(appender.append([]), /batch: expected 1 to 512 events, found 0/);
});

test('refuses what an entry cannot hold', async () => {
  const { appender, contents } = newLog();
  await rejects(appender.append([{ ...connected(1), channel: 'v' }]), /channel: expected a name such as/);
  await rejects(appender.append([{ ...depth(1, 2), receiveTimeUs: 1.5 }]), /depth\/receiveTimeUs: expected integer µs/);
  await rejects(appender.append([{ ...connected(1), channel: 'gap', payload: '{' }]), /gap: expected an object with a/);
  assert.equal(await contents(), []);
});

test('brings its function along, also after Redis has lost it', async () => {
  const { appender, contents } = newLog();
  await appender.append([depth(1, 2)]);
  const library = ((await redis.call('FUNCTION', 'LIST')) as string[][])
    .flat()
    .find((text) => /^don_append_/.test(text));
  await redis.call('FUNCTION', 'DELETE', library!);
  await Promise.all([appender.append([depth(2, 3)]), appender.append([depth(3, 4)])]);
  assert.equal(await contents(), linesOf([depth(1, 2), depth(2, 3), depth(3, 4)]));
});

test('recognises what it wrote last, after any number of events that no sequence identifies', async () => {
  const { appender } = newLog();
  const all = Array.from({ length: 2_000 }, (_, i) => connected(i, 5_000 - i));
  for (let at = 0; at < all.length; at += 500) await appender.append(all.slice(at, at + 500));
  assert.is((await appender.append(all.slice(-512))).appended, 0);
});

async function rejects(promise: Promise<unknown>, pattern: RegExp): Promise<void> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.instance(error, Error, `expected a rejection that matches ${pattern}`);
  assert.match((error as Error).message, pattern);
}

test('closes', () => redis.disconnect());

test.run();
