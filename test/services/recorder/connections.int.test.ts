import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startVenue } from '../../../services/venue/venue.ts';
import { countHalfSeconds } from '../../support/half-seconds.ts';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { gapsOf } from './log-events.ts';
import { INSTRUMENT, SYMBOL, withRig } from './rig.ts';
import { atWork, moreOf, recovered } from './waits.ts';

const test = suite('services/recorder/connections.int');

const UNCHAINED = ['bookTicker', 'kline_1m', 'markPrice', 'forceOrder'];

const payloads = (events: readonly { channel: string; payload: string }[], channel: string) =>
  events.filter((event) => event.channel === channel).map(({ payload }) => JSON.parse(payload));

test('cut connections come back; every hole is marked or refilled', async () => {
  await withRig({}, async ({ venue, audit, recorder }) => {
    await atWork(recorder);
    venue.addFault({ kind: 'cut' });
    await until('the reconnection', () =>
      recorder.feeds.every((feed) => feed.state().phase === 'live' && feed.state().reconnects === 1),
    );
    await recovered(recorder);
    const { audit: result, events } = await audit();
    assert.equal(
      payloads(events, 'disconnected').map(({ reason }) => reason),
      ['closed-by-venue', 'closed-by-venue', 'stopped', 'stopped'],
    );
    assert.equal(
      payloads(events, 'connected')
        .map(({ connection }) => connection)
        .sort(),
      [1, 2, 3, 4],
    );
    const recorded = UNCHAINED.filter((channel) => (result.counts[channel] ?? 0) > 0);
    for (const channel of recorded.filter((name) => name !== 'forceOrder'))
      assert.equal(
        gapsOf(events, channel).map(({ reason }) => reason),
        ['disconnected'],
        channel,
      );
    assert.equal(gapsOf(events, 'aggTrade'), [], 'trades are refilled');
    assertBooksStart(events);
  });
});

test('a half-open socket is noticed within 5 s, though nothing tells of it', async () => {
  await withRig({}, async ({ venue, audit, recorder }) => {
    await atWork(recorder);
    const brokenMs = Date.now();
    venue.addFault({ kind: 'half-open', path: 'public' });
    const halfSeconds = countHalfSeconds();
    const publicFeed = recorder.feeds.find((feed) => feed.state().route === 'public')!;
    await until('the notice', () => publicFeed.state().reconnects === 1);
    const waited = halfSeconds.count();
    halfSeconds.stop();
    await until('the reconnection', () => publicFeed.state().phase === 'live');
    await recovered(recorder);
    const { events } = await audit();
    const noticed = events.find((event) => event.channel === 'disconnected')!;
    assert.is(JSON.parse(noticed.payload).reason, 'half-open');
    const noticedMs = noticed.receiveTimeUs / 1_000 - brokenMs;
    assert.ok(waited <= 10, `noticed after ${waited} half seconds, ${Math.round(noticedMs)} ms`);
    assert.ok(noticedMs > 3_500, 'not before the patience that the settings give');
    assertBooksStart(events);
  });
});

test('renewals overlap: no gap, no repetition, whatever the number of them', async () => {
  await withRig({ settings: { renewAfterMs: 2_000 } }, async ({ audit, recorder, venue }) => {
    await until('several renewals', () => venue.state().handshakes.accepted >= 8);
    await moreOf(recorder, 1);
    assert.ok(recorder.feeds.every((feed) => feed.state().reconnects === 0));
    const { audit: result, events } = await audit();
    assert.equal(result.gaps, []);
    assert.ok(
      Object.values(result.missing).every((count) => count === 0),
      JSON.stringify(result.missing),
    );
    assert.ok(payloads(events, 'disconnected').some(({ reason }) => reason === 'renewed'));
  });
});

test('the venue ends a connection at its age limit; renewing before that loses nothing', async () => {
  await withRig(
    { venue: { connectionLimits: { lifetimeMs: 8_000 } }, settings: { renewAfterMs: 2_000 } },
    async ({ audit, recorder, venue }) => {
      // Each connection is renewed at most every 1.9 s: five times last longer than a connection may.
      await until('five renewals of both', () => venue.state().handshakes.accepted >= 12);
      assert.ok(recorder.feeds.every((feed) => feed.state().reconnects === 0));
      assert.equal((await audit()).audit.gaps, []);
    },
  );
});

test('a renewal that the venue refuses leaves the old connection at work', async () => {
  await withRig(
    { settings: { renewAfterMs: 1_500, renewal: { firstMs: 500, maxMs: 500 } } },
    async ({ audit, recorder, venue }) => {
      await until('both connections', () => recorder.feeds.every((feed) => feed.state().phase === 'live'));
      venue.addFault({ kind: 'refuse', how: '503', count: 4 });
      await until(
        'refusals, then renewals',
        () => venue.state().handshakes.refused === 4 && venue.state().handshakes.accepted >= 4,
      );
      await moreOf(recorder, 1);
      assert.ok(recorder.feeds.every((feed) => feed.state().reconnects === 0));
      assert.equal((await audit()).audit.gaps, []);
    },
  );
});

test('a channel that falls silent on a living socket is noticed, and the socket replaced without loss to the others', async () => {
  await withRig({}, async ({ venue, audit, recorder }) => {
    await atWork(recorder);
    const fault = venue.addFault({ kind: 'silence', stream: '*@markPrice@1s' });
    const halfSeconds = countHalfSeconds();
    const counts = recorder.instruments.get(INSTRUMENT)!.counts.of('markPrice');
    await until('the notice', () => counts.silences === 1);
    halfSeconds.stop();
    assert.ok(halfSeconds.count() <= 9, `3.5 s and a tick, but ${halfSeconds.count()} half seconds`);
    await until('the replacement', () => venue.state().handshakes.accepted >= 3);
    venue.removeFault(fault.id);
    await moreOf(recorder, 1);
    const { audit: result, events } = await audit();
    assert.equal(
      result.gaps.map(({ channel, reason }) => `${channel} ${reason}`),
      ['markPrice silence'],
    );
    assert.is(result.missing['bookTicker'], 0);
    assert.is(result.missing['aggTrade'], 0);
    assert.ok(events.length > 0);
  });
});

test('a stall of our own process is no silence of the venue', async () => {
  await withRig({}, async ({ audit, recorder, venue }) => {
    await atWork(recorder);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_500);
    await moreOf(recorder, 2);
    const { counts } = recorder.instruments.get(INSTRUMENT)!;
    assert.is(
      counts.channels.values().reduce((sum, { silences }) => sum + silences, 0),
      0,
    );
    assert.is(venue.state().handshakes.accepted, 2, 'the connections of before');
    const { audit: result } = await audit();
    assert.equal(result.gaps, []);
    assert.ok(
      Object.values(result.missing).every((count) => count === 0),
      JSON.stringify(result.missing),
    );
  });
});

test('acknowledged and then nothing at all: noticed, tried again, and no more than the budget allows', async () => {
  await withRig(
    {
      before: (venue) => void venue.addFault({ kind: 'silence' }),
      settings: { renewal: { firstMs: 300, maxMs: 300 } },
    },
    async ({ recorder, venue }) => {
      const { counts } = recorder.instruments.get(INSTRUMENT)!;
      await until('the notice', () => counts.of('depth').silences === 1 && counts.of('markPrice').silences === 1);
      await until('another try', () => venue.state().handshakes.accepted >= 3);
      venue.clearFaults();
      await until('the data', () => counts.of('depth').events > 5 && counts.of('markPrice').events > 1);
    },
  );
});

test('a venue that refuses every handshake is asked ever more rarely, within the budget', async () => {
  const windowMs = 10_000;
  const startMs = performance.now();
  await withRig(
    { settings: { handshakesMax: 8, handshakeWindowMs: windowMs, reconnect: { firstMs: 50, maxMs: 200 } } },
    async ({ venue, recorder }) => {
      await until('both connections', () => recorder.feeds.every((feed) => feed.state().phase === 'live'));
      const refusal = venue.addFault({ kind: 'refuse' });
      venue.addFault({ kind: 'cut' });
      const isSpent = () => recorder.lines.some((line) => line.includes('handshake budget spent'));
      // Two of the eight had opened the first connections.
      await until('the end of the budget', () => isSpent() && venue.state().handshakes.refused >= 6);
      await sleep(1_000);
      const { accepted, refused } = venue.state().handshakes;
      // All were tried since the test began: eight at most in each window of that time, the last of which is under way.
      const windows = Math.floor((performance.now() - startMs) / windowMs) + 1;
      assert.ok(accepted + refused <= 8 * windows, `${accepted} and ${refused} handshakes in ${windows} windows`);
      venue.removeFault(refusal.id);
      await until('the return', () => recorder.feeds.every((feed) => feed.state().phase === 'live'));
    },
  );
});

test('a venue that ends and comes back is recorded on, the trades that never were are marked', async () => {
  await withRig({}, async ({ venue, log, recorder }) => {
    await atWork(recorder);
    const { port } = venue;
    await venue.close();
    await until('attempts in vain', () => recorder.feeds.every((feed) => feed.state().reconnects >= 2));
    const next = await startVenue({ symbols: [SYMBOL], port });
    try {
      const { counts, trades } = recorder.instruments.get(INSTRUMENT)!;
      const before = counts.of('aggTrade').events;
      await until('both connections', () => recorder.feeds.every((feed) => feed.state().phase === 'live'));
      await until('trades', () => counts.of('aggTrade').events > before + 10 && !trades().isRefilling);
      await until('diffs behind the gap', () => counts.of('depth').gaps > 0);
      const events = await log();
      assert.equal(
        gapsOf(events, 'aggTrade').map(({ reason }) => reason),
        ['refill-too-old'],
      );
      assert.equal(
        gapsOf(events, 'depth').map(({ reason }) => reason),
        ['sequence'],
      );
    } finally {
      await recorder.end();
      await next.close();
    }
  });
});

test('a venue whose ids are behind the log is not mistaken for one that was recorded already', async () => {
  await withRig({ venue: { anchorMs: Date.now() } }, async ({ venue, recorder }) => {
    await atWork(recorder);
    const { port } = venue;
    await venue.close();
    const next = await startVenue({ symbols: [SYMBOL], port, anchorMs: Date.now() - 86_400_000 });
    try {
      await until('the alarm', () => recorder.lines.some((line) => line.includes("the venue's update ids are behind")));
    } finally {
      await recorder.end();
      await next.close();
    }
  });
});

test.run();
