import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startVenue } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { gapsOf } from './log-events.ts';
import { INSTRUMENT, SYMBOL, withRig } from './rig.ts';

const test = suite('services/recorder/connections.int');

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const UNCHAINED = ['bookTicker', 'kline_1m', 'markPrice', 'forceOrder'];
const payloads = (events: readonly { channel: string; payload: string }[], channel: string) =>
  events.filter((event) => event.channel === channel).map(({ payload }) => JSON.parse(payload));

test('cut connections come back; every hole is marked or refilled', async () => {
  await withRig({}, async ({ venue, audit, recorder }) => {
    await pause(3_500);
    venue.addFault({ kind: 'cut' });
    await until('the reconnection', () =>
      recorder.feeds.every((feed) => feed.state().phase === 'live' && feed.state().reconnects === 1),
    );
    await pause(2_500);
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
    await pause(1_500);
    const brokenMs = Date.now();
    venue.addFault({ kind: 'half-open', path: 'public' });
    const publicFeed = recorder.feeds.find((feed) => feed.state().route === 'public')!;
    await until(
      'the reconnection',
      () => publicFeed.state().phase === 'live' && publicFeed.state().reconnects === 1,
      10_000,
    );
    await pause(1_000);
    const { events } = await audit();
    const noticed = events.find((event) => event.channel === 'disconnected')!;
    assert.is(JSON.parse(noticed.payload).reason, 'half-open');
    const noticedMs = noticed.receiveTimeUs / 1_000 - brokenMs;
    assert.ok(noticedMs <= 5_000, `noticed after ${Math.round(noticedMs)} ms`);
    assert.ok(noticedMs > 3_500, 'not before the patience that the settings give');
    assertBooksStart(events);
  });
});

test('renewals overlap: no gap, no repetition, whatever the number of them', async () => {
  await withRig({ settings: { renewAfterMs: 2_000 } }, async ({ audit, recorder, venue }) => {
    await until('several renewals', () => venue.state().handshakes.accepted >= 8, 15_000);
    await pause(500);
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
    { venue: { connectionLimits: { lifetimeMs: 4_000 } }, settings: { renewAfterMs: 2_000 } },
    async ({ audit, recorder }) => {
      await pause(9_000);
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
        15_000,
      );
      await pause(500);
      assert.ok(recorder.feeds.every((feed) => feed.state().reconnects === 0));
      assert.equal((await audit()).audit.gaps, []);
    },
  );
});

test('a channel that falls silent on a living socket is noticed, and the socket replaced without loss to the others', async () => {
  await withRig({}, async ({ venue, audit, recorder }) => {
    await pause(2_500);
    const startMs = performance.now();
    const fault = venue.addFault({ kind: 'silence', stream: '*@markPrice@1s' });
    const counts = recorder.instruments.get(INSTRUMENT)!.counts.of('markPrice');
    await until('the notice', () => counts.silences === 1, 8_000);
    assert.ok(performance.now() - startMs < 5_200, 'markPrice comes each second: 3.5 s and a tick');
    await until('the replacement', () => venue.state().handshakes.accepted === 3, 4_000);
    venue.removeFault(fault.id);
    const before = counts.events;
    await until('markPrice again', () => counts.events > before, 8_000);
    await pause(1_000);
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

test('acknowledged and then nothing at all: noticed, tried again, and no more than the budget allows', async () => {
  await withRig(
    {
      before: (venue) => void venue.addFault({ kind: 'silence' }),
      settings: { renewal: { firstMs: 300, maxMs: 300 } },
    },
    async ({ recorder, venue }) => {
      const { counts } = recorder.instruments.get(INSTRUMENT)!;
      await until(
        'the notice',
        () => counts.of('depth').silences === 1 && counts.of('markPrice').silences === 1,
        8_000,
      );
      await until('another try', () => venue.state().handshakes.accepted >= 3);
      venue.clearFaults();
      await until('the data', () => counts.of('depth').events > 5 && counts.of('markPrice').events > 1, 10_000);
    },
  );
});

test('a venue that refuses every handshake is asked ever more rarely, within the budget', async () => {
  await withRig(
    { settings: { handshakesMax: 8, handshakeWindowMs: 10_000, reconnect: { firstMs: 50, maxMs: 200 } } },
    async ({ venue, recorder }) => {
      await until('both connections', () => recorder.feeds.every((feed) => feed.state().phase === 'live'));
      const refusal = venue.addFault({ kind: 'refuse' });
      venue.addFault({ kind: 'cut' });
      await pause(4_000);
      assert.is(venue.state().handshakes.refused, 6, 'two of the eight had opened the first connections');
      assert.ok(recorder.lines.some((line) => line.includes('handshake budget spent')));
      venue.removeFault(refusal.id);
      await until('the return', () => recorder.feeds.every((feed) => feed.state().phase === 'live'), 12_000);
    },
  );
});

test('a venue that ends and comes back is recorded on, the trades that never were are marked', async () => {
  await withRig({}, async ({ venue, log, recorder }) => {
    await pause(1_000);
    const { port } = venue;
    await venue.close();
    await pause(1_500);
    const next = await startVenue({ symbols: [SYMBOL], port });
    try {
      const { counts, trades } = recorder.instruments.get(INSTRUMENT)!;
      const before = counts.of('aggTrade').events;
      await until('both connections', () => recorder.feeds.every((feed) => feed.state().phase === 'live'), 10_000);
      await until('trades', () => counts.of('aggTrade').events > before + 10 && !trades().isRefilling, 10_000);
      await pause(500);
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
    await pause(1_000);
    const { port } = venue;
    await venue.close();
    const next = await startVenue({ symbols: [SYMBOL], port, anchorMs: Date.now() - 86_400_000 });
    try {
      await until(
        'the alarm',
        () => recorder.lines.some((line) => line.includes("the venue's update ids are behind")),
        20_000,
      );
    } finally {
      await recorder.end();
      await next.close();
    }
  });
});

test.run();
