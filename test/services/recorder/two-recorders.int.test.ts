import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { statusKey } from '../../../streams/keys.ts';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { INSTRUMENT, type Rig, type RunningRecorder, withRig } from './rig.ts';
import { atWork, liveFor, moreOf, recovered } from './waits.ts';

const test = suite('services/recorder/two-recorders.int');

/** A heartbeat may be heard a second or more after it was written, and only then counts what it says. */
const KNOWN_AFTER_MS = 5_000;
/** Where both are alive, a machine that is slow makes neither seem dead. */
const PEERS_FRESH_MS = 60_000;
/** That the other one covered a time is looked at once more after 2 s. */
const RECHECK_MS = 2_500;
const isComplete = (missing: Readonly<Record<string, number>>) => Object.values(missing).every((count) => count === 0);

/** Another one beside the first, each known to the other as one that receives everything. */
async function startSecond(first: RunningRecorder, startRecorder: Rig['startRecorder']): Promise<RunningRecorder> {
  await atWork(first);
  await liveFor(first, KNOWN_AFTER_MS);
  const second = await startRecorder();
  await atWork(second);
  await liveFor(second, KNOWN_AFTER_MS);
  return second;
}

test('two recorders of one instrument write one log, without gap or repetition', async () => {
  await withRig({ peersFreshMs: PEERS_FRESH_MS }, async ({ startRecorder, audit, recorder }) => {
    const second = await startSecond(recorder, startRecorder);
    const duplicates = (each: typeof recorder) =>
      each.instruments
        .get(INSTRUMENT)!
        .counts.channels.values()
        .reduce((sum, counts) => sum + counts.duplicates, 0);
    // Each event comes second from one of the two; where both share a process it may always be the same one.
    await until('100 events that came twice', () => duplicates(recorder) + duplicates(second) > 100);
    const { audit: result, events } = await audit();
    assert.equal(result.gaps, []);
    assert.ok(isComplete(result.missing), JSON.stringify(result.missing));
    assertBooksStart(events);
  });
});

test('when one loses its connections, or ends, the other one covers it', async () => {
  await withRig({ peersFreshMs: PEERS_FRESH_MS }, async ({ startRecorder, audit, recorder, venue, redis }) => {
    const second = await startSecond(recorder, startRecorder);
    const [first] = venue.state().connections;
    venue.addFault({ kind: 'cut', connection: first!.id });
    await until('the reconnection', () =>
      recorder.feeds.some((feed) => feed.state().reconnects === 1 && feed.state().phase === 'live'),
    );
    await recovered(recorder);
    // The other one's heartbeats since then are to say that it was there all the while.
    await sleep(RECHECK_MS);
    await recorder.end();
    await moreOf(second, 1);
    await until('a heartbeat of the second', async () => (await redis.get(statusKey('recorder'))) !== null);
    const third = await startRecorder();
    await atWork(third);
    await sleep(RECHECK_MS);
    await moreOf(third, 1);
    const { audit: result } = await audit();
    assert.equal(result.gaps, []);
    assert.ok(isComplete(result.missing), JSON.stringify(result.missing));
  });
});

test('when both lose theirs, the hole is marked', async () => {
  await withRig({}, async ({ startRecorder, audit, venue, recorder }) => {
    const second = await startSecond(recorder, startRecorder);
    const refusal = venue.addFault({ kind: 'refuse' });
    venue.addFault({ kind: 'cut' });
    await sleep(2_500);
    venue.removeFault(refusal.id);
    for (const each of [recorder, second]) await recovered(each);
    await sleep(RECHECK_MS);
    await moreOf(second, 1);
    const { audit: result } = await audit();
    const marked = new Set(result.gaps.map(({ channel }) => channel));
    for (const channel of ['depth', 'bookTicker', 'kline_1m', 'markPrice']) assert.ok(marked.has(channel), channel);
    assert.not(marked.has('aggTrade'), 'trades are refilled');
  });
});

test('when both lose theirs for less than the time between two heartbeats, the hole is marked too', async () => {
  await withRig(
    { settings: { reconnect: { firstMs: 20, maxMs: 100 } } },
    async ({ startRecorder, audit, venue, recorder }) => {
      const second = await startSecond(recorder, startRecorder);
      venue.addFault({ kind: 'cut' });
      await until('both to have noticed', () =>
        [recorder, second].every(({ feeds }) => feeds.every((feed) => feed.state().reconnects > 0)),
      );
      for (const each of [recorder, second]) await recovered(each);
      await sleep(RECHECK_MS);
      await moreOf(second, 1);
      const { audit: result } = await audit();
      const marked = new Set(result.gaps.map(({ channel }) => channel));
      for (const channel of ['bookTicker', 'kline_1m', 'markPrice']) assert.ok(marked.has(channel), channel);
    },
  );
});

test.run();
