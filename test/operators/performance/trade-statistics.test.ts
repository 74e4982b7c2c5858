import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tradeStatistics } from '../../../operators/performance/trade-statistics.ts';
import { near } from './near.ts';

const test = suite('operators/performance/trade-statistics');

test('says what trades won and lost', () => {
  const { hitRateInterval, ...figures } = tradeStatistics([10, -5, -1, 0, 20]);
  assert.equal(figures, {
    count: 5,
    wins: 2,
    losses: 2,
    hitRate: 0.4,
    profitFactor: 5,
    averageWin: 15,
    averageLoss: -3,
    expectancy: 4.8,
    best: 20,
    worst: -5,
    losingStreak: 2,
  });
  assert.ok(hitRateInterval!.low < 0.4 && hitRateInterval!.high > 0.4);
});

test('a streak of losses ends with the next gain', () => {
  assert.is(tradeStatistics([-1, 2, -1, -1, 0, -1]).losingStreak, 2);
});

test('Wilson’s interval of no hit in ten reaches to z² / (n + z²)', () => {
  const { hitRateInterval } = tradeStatistics(new Array<number>(10).fill(-1));
  const z2 = 1.959963984540054 ** 2;
  near(hitRateInterval?.low, 0);
  near(hitRateInterval?.high, z2 / (10 + z2));
});

test('has no answer without trades, nor a profit factor without a loss', () => {
  const none = tradeStatistics([]);
  assert.is(none.hitRate, null);
  assert.is(none.best, null);
  assert.is(none.expectancy, null);
  assert.is(none.hitRateInterval, null);
  assert.is(tradeStatistics([5]).profitFactor, null);
  assert.is(tradeStatistics([-5]).profitFactor, 0);
});

test.run();
