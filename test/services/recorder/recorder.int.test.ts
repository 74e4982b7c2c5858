import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { INSTRUMENT, withRig } from './rig.ts';

const test = suite('services/recorder/recorder.int');

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('the log holds exactly what the venue sent, every channel of it', async () => {
  await withRig({}, async ({ audit, recorder }) => {
    // The venue counts anew each minute: seen as soon as the snapshot was fetched.
    await until('the weight of a snapshot is told', () => recorder.status().usedWeight >= 20);
    await pause(4_000);
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
    assert.ok(Math.abs(recorder.status().clockSkewMs ?? Number.NaN) < 200, 'clock skew');
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
  await withRig({}, async ({ venue, audit, log }) => {
    await until('a synchronised start', async () => (await log()).some((event) => event.channel === 'depthSnapshot'));
    venue.addFault({ kind: 'drop', stream: '*@depth@100ms', count: 3 });
    await until(
      'the resynchronisation',
      async () => (await log()).filter((event) => event.channel === 'depthSnapshot').length === 2,
    );
    await pause(500);
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
    venue.addFault({ kind: 'duplicate', stream: '*', count: 20 });
    await pause(1_000);
    const counts = recorder.instruments.get(INSTRUMENT)!.counts.channels;
    const duplicates = counts.values().reduce((sum, each) => sum + each.duplicates, 0);
    assert.ok(duplicates >= 15, `duplicates: ${duplicates}`);
    venue.addFault({ kind: 'swap', stream: '*@depth@100ms' });
    await until('the gap', async () => (await log()).some((event) => event.channel === 'gap'));
    await pause(1_000);
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
    await pause(1_000);
    venue.addFault({ kind: 'drop', stream: '*@aggTrade', count: 5 });
    const trades = recorder.instruments.get(INSTRUMENT)!.trades;
    await until('the refill', () => trades().refilledTrades === 5);
    await pause(500);
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
  await withRig({ settings: { refillTimeoutMs: 800 } }, async ({ venue, audit, log }) => {
    await pause(1_000);
    venue.addFault({ kind: 'rest', path: '*aggTrades', answer: '503', count: 100 });
    venue.addFault({ kind: 'drop', stream: '*@aggTrade', count: 5 });
    await until('the gap', async () => (await log()).some((event) => event.channel === 'gap'));
    await pause(500);
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
