import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { INSTRUMENT, withRig } from './rig.ts';

const test = suite('services/recorder/two-recorders.int');

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isComplete = (missing: Readonly<Record<string, number>>) => Object.values(missing).every((count) => count === 0);

test('two recorders of one instrument write one log, without gap or repetition', async () => {
  await withRig({}, async ({ startRecorder, audit, recorder }) => {
    await pause(1_500);
    const second = await startRecorder();
    await pause(5_000);
    const duplicates = (each: typeof recorder) =>
      each.instruments
        .get(INSTRUMENT)!
        .counts.channels.values()
        .reduce((sum, counts) => sum + counts.duplicates, 0);
    // Each event comes second from one of the two; where both share a process it may always be the same one.
    const twice = duplicates(recorder) + duplicates(second);
    assert.ok(twice > 100, `both were at work: ${twice} events came twice`);
    const { audit: result, events } = await audit();
    assert.equal(result.gaps, []);
    assert.ok(isComplete(result.missing), JSON.stringify(result.missing));
    assertBooksStart(events);
  });
});

test('when one loses its connections, or ends, the other one covers it', async () => {
  await withRig({}, async ({ startRecorder, audit, recorder, venue }) => {
    const second = await startRecorder();
    await until('both at work', () => second.feeds.every((feed) => feed.state().phase === 'live'));
    await pause(2_500);
    const [first] = venue.state().connections;
    venue.addFault({ kind: 'cut', connection: first!.id });
    await until('the reconnection', () =>
      recorder.feeds.some((feed) => feed.state().reconnects === 1 && feed.state().phase === 'live'),
    );
    await pause(1_000);
    await recorder.end();
    await pause(1_000);
    const third = await startRecorder();
    await pause(4_000);
    assert.ok(third.feeds.every((feed) => feed.state().phase === 'live'));
    const { audit: result } = await audit();
    assert.equal(result.gaps, []);
    assert.ok(isComplete(result.missing), JSON.stringify(result.missing));
  });
});

test('when both lose theirs, the hole is marked', async () => {
  await withRig({}, async ({ startRecorder, audit, venue, recorder }) => {
    const second = await startRecorder();
    await pause(3_500);
    const refusal = venue.addFault({ kind: 'refuse' });
    venue.addFault({ kind: 'cut' });
    await pause(2_500);
    venue.removeFault(refusal.id);
    await until(
      'both back',
      () => [recorder, second].every(({ feeds }) => feeds.every((feed) => feed.state().phase === 'live')),
      10_000,
    );
    await pause(3_000);
    const { audit: result } = await audit();
    const marked = new Set(result.gaps.map(({ channel }) => channel));
    for (const channel of ['depth', 'bookTicker', 'kline_1m', 'markPrice']) assert.ok(marked.has(channel), channel);
    assert.not(marked.has('aggTrade'), 'trades are refilled');
  });
});

test.run();
