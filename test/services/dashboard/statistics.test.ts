import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sessionStatistics } from '../../../services/dashboard/src/market/bars.ts';
import { createLag, receivedMsOf } from '../../../services/dashboard/src/market/lag.ts';
import { readStatus, recordingOf } from '../../../services/dashboard/src/market/status.ts';

const bar = (timeS: number, open: number, close: number) => ({
  timeS,
  open,
  high: Math.max(open, close) + 1,
  low: Math.min(open, close) - 1,
  close,
  volume: 10,
});

test('the change is that of the last 24 hours, not of all bars', () => {
  const now = 1_000_000_200;
  const found = sessionStatistics([bar(now - 90_000, 1, 1), bar(now - 86_340, 100, 101), bar(now, 104, 105)]);
  assert.equal(found, {
    changeRatio: 105 / 100 - 1,
    high: 106,
    low: 99,
    volume: 20,
    sinceS: now - 86_340,
    isWholeDay: true,
  });
});

test('a shorter recording says since when, and no bar says nothing', () => {
  const found = sessionStatistics([bar(600, 100, 101), bar(660, 101, 99)]);
  assert.equal([found?.isWholeDay, found?.sinceS], [false, 600]);
  assert.is(sessionStatistics([]), null);
});

test('lag counts from receipt to the frame that shows it, never below zero', () => {
  const lag = createLag();
  assert.is(lag.summary(), null);
  lag.add(1_000);
  lag.add(1_010);
  assert.is(lag.summary(), null, 'not shown yet');
  lag.painted(1_016);
  assert.equal(lag.summary(), { p50Ms: 16, p99Ms: 16 });
  lag.painted(9_000);
  assert.is(lag.summary()?.p99Ms, 16, 'an event is counted with the first frame only');
  const behind = createLag();
  behind.add(5_000);
  behind.painted(4_000);
  assert.is(behind.summary()?.p50Ms, 0, 'a clock that is behind counts as no lag');
});

test('lag stays bounded while nothing is painted', () => {
  const lag = createLag();
  for (let n = 0; n < 100_000; n++) lag.add(n);
  lag.painted(600);
  assert.is(lag.summary()?.p99Ms, 595, 'the first 512 only were kept');
});

test('the receive time is taken from the row, else from the id of one or of several instruments', () => {
  const one = 'simulated:BTCUSDT';
  assert.is(receivedMsOf({ receive_time: 1_723_161_255_088_500 }, '1-0:0', one), 1_723_161_255_088.5);
  assert.is(receivedMsOf({}, '1723161255088-0:3', one), 1_723_161_255_088);
  assert.is(receivedMsOf({}, `simulated:ETHUSDT@7-0,${one}@9-0:1`, one), 9);
  assert.is(receivedMsOf({}, '', one), null);
});

const STATUS = {
  time: 1,
  services: [
    {
      service: 'recorder',
      state: 'up',
      heartbeat: {
        memoryBytes: 5,
        startedMs: 3,
        instruments: {
          'simulated:A': { eventsPerSecond: 80, channels: { depth: { gaps: 2 }, aggTrade: { gaps: 1 } } },
        },
      },
    },
    { service: 'deriver', state: 'down' },
  ],
  instruments: [{ instrument: 'simulated:A', ageMs: 4, derivedLagMs: null, deadLetters: 6 }],
};

test('what the recorder does for an instrument is summed over its channels', () => {
  const status = readStatus(STATUS);
  assert.equal(recordingOf(status, 'simulated:A'), { eventsPerSecond: 80, gaps: 3, deadLetters: 6 });
  assert.is(recordingOf(status, 'simulated:B'), null);
  assert.is(status.services[1]?.memoryBytes, null);
});

test('a recorder that is down records nothing', () => {
  const down = { ...STATUS, services: [{ ...STATUS.services[0], state: 'down' }] };
  assert.is(recordingOf(readStatus(down), 'simulated:A'), null);
});

test.run();
