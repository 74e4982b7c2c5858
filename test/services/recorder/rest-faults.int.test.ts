import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaultRequest } from '../../../services/venue/faults/rules.ts';
import { until } from '../../support/until.ts';
import { assertBooksStart } from './audit.ts';
import { gapsOf, type LoggedText } from './log-events.ts';
import { withRig } from './rig.ts';
import { atWork, moreOf } from './waits.ts';

const test = suite('services/recorder/rest-faults.int');

const DEPTH_PATH = '/fapi/v1/depth';
const rest = (answer: Extract<FaultRequest, { kind: 'rest' }>['answer'], more: object = {}): FaultRequest => ({
  kind: 'rest',
  path: '*/depth',
  answer,
  ...more,
});

test('a snapshot comes through every failure of REST, and the book starts', async () => {
  for (const answer of ['503', 'html', 'truncated', 'empty', 'reset'] as const)
    await withRig(
      { before: (venue) => void venue.addFault(rest(answer, { count: 2 })) },
      async ({ venue, log, audit }) => {
        await until(`a snapshot after ${answer}`, async () =>
          (await log()).some((event) => event.channel === 'depthSnapshot'),
        );
        assert.is(venue.state().rest.requests[DEPTH_PATH], 3, answer);
        assertBooksStart((await audit()).events);
      },
    );
});

test('stale snapshots are asked for again and do not enter the log', async () => {
  await withRig({}, async ({ venue, log, recorder, audit }) => {
    const snapshots = async () => (await log()).filter((event) => event.channel === 'depthSnapshot').length;
    await until('a start', async () => (await snapshots()) === 1);
    venue.addFault(rest('stale-snapshot', { count: 2 }));
    // The answer will be the book of now.
    await moreOf(recorder, 5, ['depth']);
    venue.addFault({ kind: 'drop', stream: '*@depth@100ms', count: 2 });
    await until('a resynchronisation', async () => (await snapshots()) === 2);
    const { depth } = recorder.instruments.values().next().value!;
    assert.is(depth().staleSnapshots, 2);
    assert.is(venue.state().rest.requests[DEPTH_PATH], 4);
    assertBooksStart((await audit()).events);
  });
});

test('a REST side that hangs is given up after the time limit', async () => {
  await withRig(
    { before: (venue) => void venue.addFault(rest('hang')), settings: { restTimeoutMs: 500 } },
    async ({ log, recorder }) => {
      await until('a snapshot', async () => (await log()).some((event) => event.channel === 'depthSnapshot'));
      assert.ok(recorder.lines.some((line) => line.includes('no answer in 500 ms')));
    },
  );
});

test('429 and 418 stop every REST call until the time that the venue gave', async () => {
  for (const answer of ['429', '418'] as const)
    await withRig(
      {
        before: (venue) => void venue.addFault(rest(answer, { retryAfterSeconds: 3 })),
        settings: { openInterestEveryMs: 200 },
      },
      async ({ venue, log, recorder }) => {
        const requests = () => Object.values(venue.state().rest.requests).reduce((sum, count) => sum + count, 0);
        const isBlocked = () => recorder.status().restBlockedMs > 0;
        let freeMs = Date.now();
        await until('the order to stop', () => {
          if (isBlocked()) return true;
          freeMs = Date.now();
          return false;
        });
        // It came after the last look without it, and lasts three seconds.
        assert.ok(Date.now() + recorder.status().restBlockedMs >= freeMs + 2_990, answer);
        // What was under way when it came takes some turns of the event loop to arrive.
        for (let turn = 0; turn < 25; turn++) await sleep(20);
        const before = requests();
        while (isBlocked()) {
          assert.is(requests(), before, `${answer}: no call of any kind meanwhile`);
          await sleep(20);
        }
        await until('a snapshot', async () => (await log()).some((event) => event.channel === 'depthSnapshot'));
        assert.is(venue.state().rest.statuses[answer], 1);
      },
    );
});

test('the weight budget holds for all calls together', async () => {
  await withRig(
    { settings: { weightPerMinuteMax: 30, openInterestEveryMs: 50, snapshotEveryMs: 300 } },
    async ({ venue, recorder }) => {
      await until('the end of the budget', () => recorder.lines.some((line) => line.includes('budget is spent')));
      await sleep(1_000);
      assert.ok(venue.state().rest.usedWeight <= 60, `at most two minutes' budgets: ${venue.state().rest.usedWeight}`);
    },
  );
});

test('polls that fail for long leave a gap in front of the next answer', async () => {
  const everyMs = 200;
  await withRig({ settings: { openInterestEveryMs: everyMs } }, async ({ venue, log, audit, recorder }) => {
    const answers = async () => (await log()).filter((event) => event.channel === 'openInterest').length;
    await atWork(recorder);
    await until('answers', async () => (await answers()) > 1);
    const fault = venue.addFault({ kind: 'rest', path: '*openInterest', answer: '503', count: 1_000 });
    await sleep(1_500);
    const before = await answers();
    venue.removeFault(fault.id);
    await until('answers again', async () => (await answers()) > before);
    const { events } = await audit();
    const gaps = gapsOf(events).map(({ channel, reason }) => `${channel} ${reason}`);
    assert.ok(gaps.length > 0);
    assert.ok(
      gaps.every((gap) => gap === 'openInterest silence'),
      gaps.join(', '),
    );
    assertSilencesMarked(events, 2.5 * everyMs);
  });
});

/** A gap stands before an answer exactly where the one before it came too long ago, also by a machine that stood still. */
function assertSilencesMarked(events: readonly LoggedText[], silentAfterMs: number): void {
  // The recorder reads its clock for the gap and for the event one after the other.
  const toleranceMs = 100;
  let answeredMs: number | undefined;
  let isMarked = false;
  for (const { channel, receiveTimeUs } of events) {
    if (channel === 'gap') isMarked = true;
    if (channel !== 'openInterest') continue;
    const awayMs = receiveTimeUs / 1_000 - (answeredMs ?? receiveTimeUs / 1_000);
    if (isMarked) assert.ok(awayMs > silentAfterMs - toleranceMs, `marked after ${awayMs} ms`);
    else assert.ok(awayMs < silentAfterMs + toleranceMs, `not marked after ${awayMs} ms`);
    answeredMs = receiveTimeUs / 1_000;
    isMarked = false;
  }
}

test('snapshots are refreshed by the clock', async () => {
  await withRig({ settings: { snapshotEveryMs: 400 } }, async ({ log, audit }) => {
    await until(
      'refreshes',
      async () => (await log()).filter((event) => event.channel === 'depthSnapshot').length >= 4,
    );
    assert.equal((await audit()).audit.gaps, []);
  });
});

test.run();
