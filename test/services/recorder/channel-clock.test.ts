import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createChannelClock } from '../../../services/recorder/channel-clock.ts';

const test = suite('services/recorder/channel-clock');

test('a channel that was subscribed and never spoke is silent', () => {
  const clock = createChannelClock({ silentAfterMs: 2_000 });
  assert.is(clock.isSilent(1e9), false, 'not before it is subscribed');
  clock.start(10_000);
  assert.is(clock.isSilent(12_000), false);
  assert.is(clock.isSilent(12_001), true);
});

test('the event that ends a silence says so, once', () => {
  const clock = createChannelClock({ silentAfterMs: 2_000 });
  clock.start(0);
  assert.is(clock.saw(1_000), false);
  assert.is(clock.saw(3_500), true);
  assert.is(clock.saw(3_600), false);
  assert.is(clock.lastSeenMs(), 3_600);
});

test('the limit grows with the pace of the market', () => {
  const clock = createChannelClock({ silentAfterMs: 2_000, silentAfterIntervals: 20 });
  clock.start(0);
  let nowMs = 0;
  for (let i = 0; i < 200; i++) {
    nowMs += 1_000;
    clock.saw(nowMs);
  }
  assert.is(clock.isSilent(nowMs + 19_000), false);
  assert.is(clock.isSilent(nowMs + 21_000), true);
});

test('a silence does not teach the clock to be patient', () => {
  const clock = createChannelClock({ silentAfterMs: 2_000, silentAfterIntervals: 20 });
  clock.start(0);
  for (let nowMs = 0; nowMs <= 5_000; nowMs += 100) clock.saw(nowMs);
  assert.is(clock.saw(605_000), true);
  assert.is(clock.isSilent(607_500), true);
});

test('a channel that may stay away is never silent, nor one whose connection is down', () => {
  const rare = createChannelClock({ silentAfterMs: undefined });
  rare.start(0);
  assert.is(rare.isSilent(1e12), false);
  const stopped = createChannelClock({ silentAfterMs: 2_000 });
  stopped.start(0);
  stopped.stop();
  assert.is(stopped.isSilent(1e9), false);
});

test.run();
