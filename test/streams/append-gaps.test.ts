import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../infra/redis.ts';
import { createAppender } from '../../streams/append.ts';
import { listDeadLetters } from '../../streams/dead-letter.ts';
import { sequenceKey } from '../../streams/keys.ts';
import { testInstrument, testServers } from '../support/servers.ts';
import { linesOf, logOf } from './log-of.ts';
import { aggTrade, bookTicker, depth, depthSnapshot, gap, markPrice, spotDepth, trade } from './sample-events.ts';

const test = suite('streams/append-gaps');
const { redisUrl } = await testServers('redis');
const redis = await connectRedis(redisUrl);

const _NOTHING_ODD = { duplicates: [], gaps: [], deadLetters: [] };

function newLog() {
  const instrument = testInstrument();
  return { instrument, appender: createAppender({ redis, instrument }), contents: () => logOf(redis, instrument) };
}

function gapLine(channel: string, expected: string | null, found: string | null, reason: string): string {
  return `gap ${JSON.stringify({ channel, expected, found, reason })}`;
}

test('marks a hole once, between batches and inside one, naming expected and found', async () => {
  const { appender, contents } = newLog();
  await appender.append([depth(1, 5), aggTrade(7), trade(7)]);
  const between = await appender.append([depth(8, 9), aggTrade(9), trade(8)]);
  assert.equal(between.gaps, [
    { index: 0, channel: 'depth', expected: '5', found: '8', reason: 'sequence' },
    { index: 1, channel: 'aggTrade', expected: '8', found: '9', reason: 'sequence' },
  ]);
  const inside = await appender.append([depth(9, 10), depth(12, 14), depth(14, 15)]);
  assert.equal(inside.gaps, [{ index: 1, channel: 'depth', expected: '10', found: '12', reason: 'sequence' }]);
  assert.is((await appender.append([depth(8, 9), depth(12, 14)])).appended, 0);
  assert.equal(await contents(), [
    ...linesOf([depth(1, 5), aggTrade(7), trade(7)]),
    gapLine('depth', '5', '8', 'sequence'),
    ...linesOf([depth(8, 9)]),
    gapLine('aggTrade', '8', '9', 'sequence'),
    ...linesOf([aggTrade(9), trade(8), depth(9, 10)]),
    gapLine('depth', '10', '12', 'sequence'),
    ...linesOf([depth(12, 14), depth(14, 15)]),
  ]);
});

test('an entry with gaps has a receive time for each of its events, and the trace', async () => {
  const { instrument, appender } = newLog();
  await appender.append([aggTrade(7)]);
  await appender.append([aggTrade(7), aggTrade(9), aggTrade(12)], { traceparent: '00-ab-cd-01' });
  const [, pairs] = (await redis.xrange(`don:{${instrument}}:raw`, '-', '+')).at(-1)!;
  assert.equal(pairs.slice(0, 8), [
    ...['v', '1', 'receiveTimeUs', String(aggTrade(9).receiveTimeUs)],
    ...['receiveTimeDeltasUs', '0,0,3,3', 'traceparent', '00-ab-cd-01'],
  ]);
});

test('chains spot depth by U, and says so in the gap', async () => {
  const instrument = testInstrument().replace('simulated', 'binance-spot');
  const appender = createAppender({ redis, instrument });
  await appender.append([spotDepth(1, 5)]);
  assert.equal((await appender.append([spotDepth(6, 9)])).gaps, []);
  const { gaps } = await appender.append([spotDepth(12, 13)]);
  assert.equal(gaps, [{ index: 0, channel: 'depth', expected: '10', found: '12', reason: 'sequence' }]);
});

test('a channel that comes anew has no hole, and holes of unchained channels are no gaps', async () => {
  const { appender } = newLog();
  assert.equal((await appender.append([depth(100, 101), bookTicker(5), depthSnapshot(90)])).gaps, []);
  assert.equal((await appender.append([aggTrade(50), bookTicker(500), depthSnapshot(900)])).gaps, []);
});

test('a book snapshot does not restart the depth chain', async () => {
  const { appender } = newLog();
  await appender.append([depth(1, 5), depthSnapshot(20)]);
  assert.is((await appender.append([depth(20, 21)])).gaps.length, 1);
});

test('a gap that the recorder marks is not marked again', async () => {
  const { appender, contents } = newLog();
  const refillFailed = gap('aggTrade', '8', '10', 'refill-failed', 8);
  const silence = gap('depth', null, null, 'silence', 9);
  const restart = gap('markPrice', null, null, 'restart', 10);
  const events = [aggTrade(7), depth(1, 5), refillFailed, aggTrade(10), silence, depth(8, 9), restart, markPrice(4)];
  for (const event of events) assert.equal((await appender.append([event])).gaps, [], event.payload.toString());
  assert.is((await appender.append(events)).appended, 0, 'and not by sending all of it again');
  assert.equal(await contents(), linesOf(events));
});

test('an explicit gap covers no more than it says', async () => {
  const { appender } = newLog();
  const { gaps } = await appender.append([aggTrade(7), gap('aggTrade', '8', '10', 'refill-failed', 8), aggTrade(12)]);
  assert.equal(gaps, [{ index: 2, channel: 'aggTrade', expected: '10', found: '12', reason: 'sequence' }]);
});

test('an explicit gap of unknown extent does not hide the next one', async () => {
  const { appender } = newLog();
  await appender.append([depth(1, 5), gap('depth', null, null, 'silence', 9)]);
  assert.equal((await appender.append([depth(5, 6)])).gaps, [], 'nothing was missing after all');
  assert.is((await appender.append([depth(8, 9)])).gaps.length, 1, 'but now');
});

test('an explicit gap that the log has already passed is refused', async () => {
  const { appender } = newLog();
  await appender.append([aggTrade(7), aggTrade(8), aggTrade(9)]);
  assert.is((await appender.append([gap('aggTrade', '8', '10', 'refill-failed', 8)])).appended, 0);
  assert.equal((await appender.append([aggTrade(10)])).gaps, []);
});

test('an event that comes late into a marked gap is kept as a dead letter, once', async () => {
  const { instrument, appender } = newLog();
  await appender.append([depth(1, 5), depth(8, 9)]);
  for (let i = 0; i < 2; i++) await appender.append([depth(6, 7)]);
  await appender.append([depth(1, 5)]);
  const letters = await listDeadLetters(redis, instrument);
  assert.equal(
    letters.map(({ channel, reason, payload }) => [channel, reason, payload]),
    [['depth', 'late: its gap is already marked', depth(6, 7).payload]],
  );
  await appender.append([aggTrade(7), gap('aggTrade', '8', '10', 'refill-failed', 8), aggTrade(10)]);
  assert.is((await appender.append([aggTrade(8)])).deadLetters.length, 1, 'also into one that the recorder marked');
});

test('what an unchained channel sends late is a dead letter and a gap, however often it is sent', async () => {
  const { instrument, appender, contents } = newLog();
  await appender.append([markPrice(5), depthSnapshot(50)]);
  const report = await appender.append([markPrice(4), depthSnapshot(40), markPrice(6)]);
  assert.equal(report.deadLetters, [
    { index: 0, channel: 'markPrice', reason: 'late: 4 after 5' },
    { index: 1, channel: 'depthSnapshot', reason: 'late: 40 after 50' },
  ]);
  await appender.append([markPrice(4), depthSnapshot(40), markPrice(6)]);
  assert.is((await listDeadLetters(redis, instrument)).length, 2);
  assert.equal(await contents(), [
    ...linesOf([markPrice(5), depthSnapshot(50)]),
    gapLine('markPrice', null, null, 'dead-letter'),
    ...linesOf([markPrice(6)]),
  ]);
});

test('a payload without a sequence to rely on is a dead letter, and stops nothing', async () => {
  const { instrument, appender, contents } = newLog();
  const bad = (channel: string) => ({ ...bookTicker(1), channel, payload: '{"u":"?","a":8389766145050669870}' });
  const report = await appender.append([aggTrade(1), bad('aggTrade'), bad('bookTicker'), aggTrade(3)]);
  assert.equal(
    report.deadLetters.map(({ channel }) => channel),
    ['aggTrade', 'bookTicker'],
  );
  assert.equal(await contents(), [
    ...linesOf([aggTrade(1)]),
    gapLine('bookTicker', null, null, 'dead-letter'),
    gapLine('aggTrade', '2', '3', 'sequence'),
    ...linesOf([aggTrade(3)]),
  ]);
  const [letter] = await listDeadLetters(redis, instrument, 1);
  assert.equal(
    [letter!.recording, letter!.channel, letter!.receiveTimeUs],
    ['live', 'bookTicker', bad('x').receiveTimeUs],
  );
});

test('remembers the last gaps only, in bounded memory', async () => {
  const { instrument, appender } = newLog();
  await appender.append(Array.from({ length: 300 }, (_, i) => aggTrade(1_000_000 + i * 2)));
  const gaps = await redis.hget(sequenceKey(instrument, 'live'), 'aggTrade:gaps');
  assert.ok(gaps!.length <= 1_100, `${gaps!.length} bytes`);
  assert.is((await appender.append([aggTrade(1_000_597)])).deadLetters.length, 1, 'the last gap');
});

test('closes', () => redis.disconnect());

test.run();
