import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../operators/random.ts';
import { effectiveTrials } from '../../../operators/search/effective-trials.ts';

const test = suite('operators/search/effective-trials');
const { normal } = random(7);
const series = (count: number): number[] => Array.from({ length: count }, normal);

test('the same returns again and again are one trial', () => {
  const returns = series(50);
  const scaled = Array.from({ length: 10 }, (_, n) => returns.map((value) => (n + 1) * value));
  assert.ok(Math.abs(effectiveTrials(scaled) - 1) < 1e-9);
});

test('independent ones count each', () => {
  const count = effectiveTrials(Array.from({ length: 20 }, () => series(2_000)));
  assert.ok(count > 19.5 && count <= 20, `${count}`);
});

test('is ρ̄ + (1 − ρ̄) M, by the correlation of each pair', () => {
  const common = series(40);
  const trials = Array.from({ length: 6 }, () => series(40).map((own, n) => own + common[n]!));
  const correlation = (a: number[], b: number[]): number => {
    const [meanA, meanB] = [a, b].map((list) => list.reduce((sum, value) => sum + value, 0) / list.length);
    const cov = a.reduce((sum, value, n) => sum + (value - meanA!) * (b[n]! - meanB!), 0);
    const size = (list: number[], mean: number) => Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    return cov / size(a, meanA!) / size(b, meanB!);
  };
  const pairs = trials.flatMap((a, n) => trials.slice(n + 1).map((b) => correlation(a, b)));
  const mean = pairs.reduce((sum, rho) => sum + rho, 0) / pairs.length;
  assert.ok(Math.abs(effectiveTrials(trials) - (mean + (1 - mean) * 6)) < 1e-9);
});

test('trials that never moved count each, one trial is one, and none none', () => {
  assert.equal(
    [
      effectiveTrials([
        [0, 0],
        [0, 0],
        [0, 0],
      ]),
      effectiveTrials([[1, 2]]),
      effectiveTrials([]),
    ],
    [3, 1, 0],
  );
});

test.run();
