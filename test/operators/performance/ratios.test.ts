import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { annualisedReturn, periodsPerYear, YEAR_MS } from '../../../operators/performance/annualised.ts';
import { calmarRatio } from '../../../operators/performance/calmar-ratio.ts';
import { activeReturns, informationRatio } from '../../../operators/performance/information-ratio.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { sortinoRatio } from '../../../operators/performance/sortino-ratio.ts';
import { turnover } from '../../../operators/performance/turnover.ts';
import { volatility } from '../../../operators/performance/volatility.ts';
import { near } from './near.ts';

const test = suite('operators/performance/ratios');

const RETURNS = [0.01, -0.02, 0.03, 0.0, -0.01];

test('a year has 365 days, and returns compound over it', () => {
  assert.is(periodsPerYear(86_400_000), 365);
  near(annualisedReturn(0.1, YEAR_MS / 2), 0.21);
  near(annualisedReturn(0.21, 2 * YEAR_MS), 0.1);
  assert.is(annualisedReturn(-1, 1_000), -1);
  assert.is(annualisedReturn(-1.5, 1_000), -1);
  assert.is(annualisedReturn(1, 1_000), null, 'would be infinite');
  assert.is(annualisedReturn(0.1, 0), null);
});

test('volatility and the Sharpe ratio are by the sample deviation', () => {
  // Mean 0.002; squares of the differences (0.8² + 2.2² + 2.8² + 0.2² + 1.2²)·1e-4 = 14.8e-4.
  const deviation = Math.sqrt(14.8e-4 / 4);
  near(volatility(RETURNS, 365), deviation * Math.sqrt(365));
  near(sharpeRatio(RETURNS, 365), (0.002 / deviation) * Math.sqrt(365));
});

test('the Sortino ratio counts losses only, over all periods', () => {
  near(sortinoRatio(RETURNS), 0.002 / Math.sqrt((0.02 ** 2 + 0.01 ** 2) / 5));
});

test('the Calmar ratio is return by drawdown', () => {
  near(calmarRatio(0.5, 0.25), 2);
  assert.is(calmarRatio(null, 0.1), null);
  assert.is(calmarRatio(0.5, 0), null);
  assert.is(calmarRatio(0.5, null), null);
});

test('the information ratio is that of the difference', () => {
  const benchmark = [0.005, -0.01, 0.01, 0.001, 0];
  const active = RETURNS.map((value, n) => value - benchmark[n]!);
  near(informationRatio(RETURNS, benchmark, 365), sharpeRatio(active, 365)!);
  assert.equal([...activeReturns([1, 2], [1])], [0]);
});

test('there is no ratio of too few returns or of equal ones', () => {
  for (const ratio of [sharpeRatio, sortinoRatio]) {
    assert.is(ratio([]), null);
    assert.is(ratio([0.01]), null);
    assert.is(ratio([0.01, 0.01, 0.01]), null);
    assert.is(ratio([0, 0, 0]), null);
  }
  assert.is(volatility([0.01], 365), null);
  assert.is(volatility([0.01, 0.01], 365), 0);
  assert.is(informationRatio(RETURNS, RETURNS), null);
});

test('turnover counts both sides by the mean equity', () => {
  assert.equal(
    turnover(
      [
        { price: 100, qty: 2 },
        { price: 110, qty: 2 },
      ],
      200,
    ),
    { traded: 420, turnover: 2.1 },
  );
  assert.equal(turnover([], 0), { traded: 0, turnover: null });
});

test.run();
