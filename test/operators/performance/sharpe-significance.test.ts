import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deflatedSharpeRatio, expectedBestSharpe } from '../../../operators/performance/deflated-sharpe-ratio.ts';
import { moments } from '../../../operators/performance/moments.ts';
import {
  minimumReturns,
  probabilisticSharpeRatio,
  probabilityAbove,
  sharpeShape,
} from '../../../operators/performance/probabilistic-sharpe-ratio.ts';
import { random } from '../../../operators/random.ts';
import { near } from './near.ts';

const test = suite('operators/performance/sharpe-significance');

test('Bailey & López de Prado (2012): 24 months of 0.458 are 98.2 % if normal, 91.3 % as they were', () => {
  near(probabilityAbove({ count: 24, sharpe: 0.458, skewness: 0, kurtosis: 3 }, 0), 0.982, 0.0005);
  near(probabilityAbove({ count: 24, sharpe: 0.458, skewness: -2.448, kurtosis: 10.164 }, 0), 0.913, 0.0005);
});

/** An annual Sharpe ratio of 2.5 in five years of 250 days; the trials' annual ratios have the variance 1/2. */
const PAPER = { count: 1_250, sharpe: 2.5 / Math.sqrt(250), skewness: -3, kurtosis: 10 };
const VARIANCE = 0.5 / 250;

test('Bailey & López de Prado (2014): the example of 100, 46 and 88 trials', () => {
  near(expectedBestSharpe(100, VARIANCE), 0.1132, 0.00005);
  near(deflatedSharpeRatio(PAPER, { trials: 100, variance: VARIANCE }), 0.9004, 0.00005);
  near(deflatedSharpeRatio(PAPER, { trials: 46, variance: VARIANCE }), 0.9505, 0.00005);
  const normal = { ...PAPER, skewness: 0, kurtosis: 3 };
  near(deflatedSharpeRatio(normal, { trials: 88, variance: VARIANCE }), 0.9505, 0.00005);
});

test('one trial deflates nothing', () => {
  assert.is(expectedBestSharpe(1, 1), 0);
  near(deflatedSharpeRatio(PAPER, { trials: 1, variance: 1 }), probabilityAbove(PAPER, 0));
});

test('the best of many without skill is about as expected', () => {
  const { normal } = random(21);
  let sum = 0;
  for (let run = 0; run < 2_000; run++) {
    let best = -Infinity;
    for (let trial = 0; trial < 50; trial++) best = Math.max(best, normal() * 0.1);
    sum += best;
  }
  near(sum / 2_000, expectedBestSharpe(50, 0.01), 0.005);
});

test('with as many returns as it takes the probability is what was asked', () => {
  const shape = { sharpe: 0.1, skewness: -1, kurtosis: 6 };
  const count = minimumReturns({ ...shape, count: 0 })!;
  near(probabilityAbove({ ...shape, count }, 0), 0.95, 1e-12);
  assert.is(minimumReturns({ ...shape, sharpe: -0.1, count: 9 }), null);
});

test('has no answer without a spread', () => {
  assert.is(probabilisticSharpeRatio([]), null);
  assert.is(probabilisticSharpeRatio([0.1]), null);
  assert.is(probabilisticSharpeRatio([0.1, 0.1, 0.1]), null);
  assert.is(sharpeShape(moments([0, 0])), null);
  const two = probabilisticSharpeRatio([0.01, 0.02]);
  assert.ok(two !== null && two > 0.5 && two <= 1, `two returns: ${two}`);
});

test.run();
