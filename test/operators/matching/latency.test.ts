import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { constantLatency, logNormalLatency, recordedLatency } from '../../../operators/matching/latency.ts';
import { random } from '../../../operators/random.ts';

const test = suite('operators/matching/latency');

test('a constant one is that, a recorded one follows the feed by its factors', () => {
  const constant = constantLatency(5, 7);
  assert.equal([constant.entryUs(random(1), 30), constant.responseUs(random(1), 30)], [5_000, 7_000]);
  const recorded = recordedLatency(0.5, 2);
  assert.equal([recorded.entryUs(random(1), 3_001), recorded.responseUs(random(1), 3_000)], [1_501, 6_000]);
});

test('a recorded one is never below 0, where the recorder’s clock was behind the exchange’s', () => {
  const { entryUs, responseUs } = recordedLatency(4, 3);
  for (const feedUs of [-5_000, -0.1, 0])
    assert.equal([entryUs(random(1), feedUs), responseUs(random(1), feedUs)], [0, 0]);
  assert.ok(Object.is(entryUs(random(1), -0.1), 0));
});

test('a log-normal one has its median, and some take many times as long', () => {
  const { entryUs } = logNormalLatency(10, 10, 0.5);
  const own = random(3);
  const drawn = Array.from({ length: 10_001 }, () => entryUs(own, 0)).sort((one, other) => one - other);
  assert.ok(Math.abs(drawn[5_000]! - 10_000) < 300, `median ${drawn[5_000]}`);
  // exp(0.5 × 1.96) = 2.66: one in 40 takes longer.
  assert.ok(Math.abs(drawn[9_750]! - 26_600) < 1_500, `97.5 % ${drawn[9_750]}`);
});

test.run();
