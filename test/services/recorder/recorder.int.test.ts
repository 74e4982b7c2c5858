import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Venue } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { INSTRUMENT, withRig } from './rig.ts';
import { atWork, moreOf } from './waits.ts';

const test = suite('services/recorder/recorder.int');

/** An hour: beside it the way of an answer is nothing, however slow the machine is. */
const VENUE_AHEAD_MS = 3_600_000;

test('the log holds exactly what the venue sent, every channel of it', async () => {
  const before = (venue: Venue) => void venue.addFault({ kind: 'clock-skew', skewMs: VENUE_AHEAD_MS });
  // The venue counts anew each minute: a later snapshot tells its weight again.
  await withRig({ before, settings: { snapshotEveryMs: 2_000 } }, async ({ audit, recorder }) => {
    await until('the weight of a snapshot is told', () => recorder.status().usedWeight >= 20);
    await atWork(recorder);
    await moreOf(recorder, 3);
    await until('the clock skew', () => recorder.status().clockSkewMs);
    const { audit: result, events } = await audit();
    assert.equal(result.gaps, []);
    assert.ok(
      Object.values(result.missing).every((count) => count === 0),
      JSON.stringify(result.missing),
    );
    for (const channel of ['depth', 'bookTicker', 'aggTrade', 'kline_1m', 'markPrice'])
      assert.ok((result.counts[channel] ?? 0) >= 3, `${channel}: ${result.counts[channel]}`);
    for (const channel of ['depthSnapshot', 'openInterest', 'instrument'])
      assert.ok((result.counts[channel] ?? 0) >= 1, `${channel}: ${result.counts[channel]}`);
    assert.is(events[0]!.channel, 'instrument', 'nothing is decodable before it');
    assertBooksStart(events);
    assert.equal(recorder.fatal, []);
    assert.ok(Math.abs(recorder.status().clockSkewMs! - VENUE_AHEAD_MS) < 60_000, 'clock skew');
  });
});

test('the REST answers in the log are the exact bodies', async () => {
  await withRig({}, async ({ venue, log, recorder }) => {
    await until('all of them', async () => {
      const channels = new Set((await log()).map((event) => event.channel));
      return ['depthSnapshot', 'openInterest', 'instrument'].every((channel) => channels.has(channel));
    });
    await recorder.end();
    const events = await log();
    const textOf = (channel: string) => events.find((event) => event.channel === channel)!.payload;
    const info = await (await fetch(`${venue.restUrl}/fapi/v1/exchangeInfo`)).text();
    assert.ok(info.includes(textOf('instrument')), 'the element of exchangeInfo');
    assert.match(textOf('openInterest'), /^\{"symbol":"BTCUSDT","openInterest":"[\d.]+","time":\d+\}$/);
    const snapshot = JSON.parse(textOf('depthSnapshot'));
    assert.ok(snapshot.bids.length > 100 && snapshot.asks.length > 100);
    assert.is(INSTRUMENT, 'simulated:BTCUSDT');
  });
});

test('dropped diffs are a gap in front of the very next one, and a snapshot behind it', async () => {
  await withRig({}, async ({ venue, audit, log, recorder }) => {
    await atWork(recorder);
    venue.addFault({ kind: 'drop', stream: '*@depth@100ms', count: 3 });
    await until(
      'the resynchronisation',
      async () => (await log()).filter((event) => event.channel === 'depthSnapshot').length === 2,
    );
    await moreOf(recorder, 5, ['depth']);
    const { audit: result, events } = await audit();
    assert.equal(
      result.gaps.map(({ channel, reason }) => `${channel} ${reason}`),
      ['depth sequence'],
    );
    assert.is(events.filter((event) => event.channel === 'depthSnapshot').length, 2, 'one resynchronisation');
    assertBooksStart(events);
  });
});

test('a duplicate is refused, and two swapped diffs are one gap and one dead letter', async () => {
  await withRig({}, async ({ venue, audit, log, redis, recorder }) => {
    await until('a start', async () => (await log()).some((event) => event.channel === 'depthSnapshot'));
    const fault = venue.addFault({ kind: 'duplicate', stream: '*', count: 20 });
    const counts = recorder.instruments.get(INSTRUMENT)!.counts.channels;
    const duplicates = () => counts.values().reduce((sum, each) => sum + each.duplicates, 0);
    await until('all of them', () => venue.state().faults.find(({ id }) => id === fault.id)!.touched === 20);
    await until('15 duplicates', () => duplicates() >= 15);
    venue.addFault({ kind: 'swap', stream: '*@depth@100ms' });
    await until(
      'the dead letter and the resynchronisation',
      async () =>
        (await redis.xlen(`don:{${INSTRUMENT}}:dead-letters`)) === 1 &&
        (await log()).filter((event) => event.channel === 'depthSnapshot').length === 2,
    );
    await moreOf(recorder, 5, ['depth']);
    const { audit: result, events } = await audit();
    assert.equal(
      result.gaps.map(({ channel }) => channel),
      ['depth'],
    );
    assert.is(await redis.xlen(`don:{${INSTRUMENT}}:dead-letters`), 1);
    assert.is(events.filter((event) => event.channel === 'depthSnapshot').length, 2);
    assertBooksStart(events);
  });
});

test('a hole in the trades is refilled with the exact elements of the answer, in order', async () => {
  await withRig({}, async ({ venue, audit, recorder }) => {
    await atWork(recorder);
    venue.addFault({ kind: 'drop', stream: '*@aggTrade', count: 5 });
    const trades = recorder.instruments.get(INSTRUMENT)!.trades;
    await until('the refill', () => trades().refilledTrades === 5);
    await moreOf(recorder, 1, ['aggTrade']);
    const { audit: result, events } = await audit();
    assert.equal(result.gaps, []);
    assert.is(result.missing['aggTrade'], 0);
    const refilled = events.filter((event) => event.channel === 'aggTrade' && !event.payload.includes('"e":'));
    const from = JSON.parse(refilled[0]!.payload).a;
    const body = await (await fetch(`${venue.restUrl}/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=${from}&limit=5`)).text();
    assert.is(`[${refilled.map((event) => event.payload).join(',')}]`, body);
  });
});

test('a hole in the trades that cannot be refilled is a gap that says so', async () => {
  await withRig({ settings: { refillTimeoutMs: 800 } }, async ({ venue, audit, log, recorder }) => {
    await atWork(recorder);
    venue.addFault({ kind: 'rest', path: '*aggTrades', answer: '503', count: 100 });
    venue.addFault({ kind: 'drop', stream: '*@aggTrade', count: 5 });
    await until('the gap', async () => (await log()).some((event) => event.channel === 'gap'));
    await moreOf(recorder, 1, ['aggTrade']);
    const { audit: result } = await audit();
    assert.equal(
      result.gaps.map(({ channel, reason }) => `${channel} ${reason}`),
      ['aggTrade refill-failed'],
    );
    assert.is(result.missing['aggTrade'], 5);
    const [gap] = result.gaps;
    assert.is(Number(gap!.found) - Number(gap!.expected), 5);
  });
});

test.run();
