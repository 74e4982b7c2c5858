import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drift } from '../../../operators/drift/drift.ts';
import { kolmogorovSmirnov } from '../../../operators/drift/kolmogorov-smirnov.ts';
import { populationStability } from '../../../operators/drift/population-stability.ts';
import { usualValues } from '../../../operators/drift/usual-values.ts';
import { normalQuantile } from '../../../operators/performance/normal.ts';
import { random } from '../../../operators/random.ts';

const test = suite('operators/drift');

const EVENLY = Array.from({ length: 101 }, (_, n) => n);

/** A series in which each value carries on some of the one before; normal, with deviation 1. */
function series(seed: number, count: number, memory: number): Float64Array {
  const { uniform } = random(seed);
  let value = 0;
  return Float64Array.from({ length: count }, () => {
    value = memory * value + Math.sqrt(1 - memory ** 2) * normalQuantile(1e-9 + uniform() * (1 - 2e-9));
    return value;
  });
}

test('the stability index is that of its definition', () => {
  assert.ok(populationStability(EVENLY, EVENLY) < 1e-3);
  // All in the upper half: five classes hold twice their share, five nothing.
  const upper = Array.from({ length: 1_000 }, (_, n) => 50.01 + (n * 49.9) / 1_000);
  const expected = 5 * ((0.2 - 0.1) * Math.log(0.2 / 0.1) + (1e-4 - 0.1) * Math.log(1e-4 / 0.1));
  assert.ok(Math.abs(populationStability(EVENLY, upper) - expected) < 0.05, `${populationStability(EVENLY, upper)}`);
  // Where most values are the same one.
  const mostly = Array.from({ length: 101 }, (_, n) => (n < 80 ? 0 : n));
  assert.ok(populationStability(mostly, mostly) < 1e-9);
});

test('the distance is the greatest between the two shares', () => {
  assert.ok(kolmogorovSmirnov(EVENLY, EVENLY) < 0.011);
  assert.ok(Math.abs(kolmogorovSmirnov(EVENLY, [25, 25, 25, 25]) - 0.75) < 1e-12);
  assert.is(kolmogorovSmirnov(EVENLY, [-5, -4]), 1);
  assert.is(kolmogorovSmirnov(EVENLY, [200]), 1);
  // By a plain recomputation at each value.
  const values = series(1, 300, 0).map((value) => 50 + 20 * value);
  const usual = (value: number): number => Math.min(1, Math.max(0, value / 100));
  let expected = 0;
  for (const at of values) {
    const [below, upTo] = [values.filter((value) => value < at).length, values.filter((value) => value <= at).length];
    expected = Math.max(expected, Math.abs(usual(at) - below / 300), Math.abs(usual(at) - upTo / 300));
  }
  assert.ok(Math.abs(kolmogorovSmirnov(EVENLY, values) - expected) < 1e-12);
});

test('what is as it was raises no alarm, though its values are alike for long; what moved does', () => {
  const usual = usualValues(series(2, 60_000, 0.95), 288);
  let [alarms, found] = [0, 0];
  for (let seed = 10; seed < 110; seed++) {
    if (drift(usual, series(seed, 288, 0.95)).verdict === 'drifted') alarms++;
    if (
      drift(
        usual,
        series(seed, 288, 0.95).map((value) => 2 * value + 3),
      ).verdict === 'drifted'
    )
      found++;
  }
  assert.ok(alarms <= 4, `${alarms} false alarms of 100`);
  assert.ok(found >= 85, `${found} of 100 found`);
  // Held against independent values, which it is not, the same series would be an alarm each time.
  const naive = usualValues(series(3, 60_000, 0), 288);
  const wrong = Array.from({ length: 50 }, (_, n) => drift(naive, series(200 + n, 288, 0.95)).verdict === 'drifted');
  assert.ok(wrong.filter(Boolean).length > 25);
});

test('fewer than a stretch are no verdict, and of more the last ones count', () => {
  const usual = usualValues(series(4, 3_000, 0), 100);
  assert.is(drift(usual, series(5, 99, 0)).verdict, 'too-few');
  const moved = [...series(6, 500, 0), ...series(7, 100, 0).map((value) => value + 2)];
  assert.is(drift(usual, moved).verdict, 'drifted');
  assert.is(drift(usual, [...moved].reverse()).verdict, 'usual');
  assert.is(drift(usual, [...moved, Number.NaN]).count, 100);
  assert.throws(() => usualValues([1, 2, 3], 2), /^values: expected at least two stretches of 2, found 3 values$/);
});

test.run();
