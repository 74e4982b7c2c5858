import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { alphaBeta } from '../../../operators/performance/alpha-beta.ts';
import { near } from './near.ts';

const test = suite('operators/performance/alpha-beta');
const BENCHMARK = [0.01, -0.02, 0.015, 0.03, -0.01];

test('finds the line on which the returns lie', () => {
  const returns = BENCHMARK.map((value) => 0.001 + 0.5 * value);
  const { alpha, beta, correlation } = alphaBeta(returns, BENCHMARK, 365)!;
  near(beta, 0.5);
  near(alpha, 0.365);
  near(correlation, 1);
});

test('is by the normal equations where they do not', () => {
  const returns = [0.02, 0.01, -0.01, 0.04, 0];
  const n = 5;
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
  const [x, y] = [sum(BENCHMARK), sum(returns)];
  const xy = sum(returns.map((value, i) => value * BENCHMARK[i]!));
  const slope = (n * xy - x * y) / (n * sum(BENCHMARK.map((value) => value ** 2)) - x * x);
  const { alpha, beta } = alphaBeta(returns, BENCHMARK, 1)!;
  near(beta, slope);
  near(alpha, (y - slope * x) / n);
});

test('has no answer for too few returns or a still instrument', () => {
  assert.is(alphaBeta([0.1, 0.2], [0.1, 0.2], 1), null);
  assert.is(alphaBeta([0.1, 0.2, 0.3], [0.1, 0.1, 0.1], 1), null);
  assert.is(alphaBeta([], [], 1), null);
  assert.is(alphaBeta([0.1, 0.2, 0.3], [0.1, 0.2], 1), null);
  assert.equal(alphaBeta([0, 0, 0], [0.1, 0.2, 0], 1), { alpha: 0, beta: 0, correlation: null });
});

test.run();
