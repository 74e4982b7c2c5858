import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trialOutcome } from '../../../services/optimise/trial-outcome.ts';
import { emptyRun } from '../backtest/report/made-results.ts';

const test = suite('services/optimise/trial-outcome');
const HOUR = 3_600_000;
const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}`);

function result(rows: readonly (readonly [hour: number, equity: number, position: number, price: number])[]) {
  const column = (n: 0 | 1 | 2 | 3, times = 1): Float64Array => Float64Array.from(rows, (row) => row[n] * times);
  const made = emptyRun();
  const curve = { timesMs: column(0, HOUR), equity: column(1), position: column(2), price: column(3) };
  return { ...made, curve, fills: [], settings: { ...made.settings, initialBalance: 1_000, takerFee: 0.001 } };
}

const ask = { tradeFromMs: 2 * HOUR, toMs: 5 * HOUR, periodMs: HOUR };

test('is of the span in which it might trade: returns of whole periods from its start, and of holding', () => {
  const { returns, held, figures } = trialOutcome(
    result([
      [0, 1_000, 0, 50],
      [1, 1_000, 0, 80],
      [2, 1_000, 0, 100],
      [3, 1_100, 0, 110],
      [4, 990, 0, 99],
      [4.9, 1_089, 0, 99],
    ]),
    ask,
  );
  assert.equal(
    returns.map((value) => value.toFixed(6)),
    ['0.100000', '-0.100000', '0.100000'],
  );
  assert.equal(
    held.map((value) => value.toFixed(6)),
    ['0.100000', '-0.100000', '0.000000'],
  );
  near(figures!.total, 0.089);
  near(figures!.maxDrawdown, 0.1);
});

test('what is held at the end is less the fee of closing it', () => {
  const { figures } = trialOutcome(
    result([
      [2, 1_000, 0, 100],
      [4.9, 1_000, -3, 100],
    ]),
    ask,
  );
  near(figures!.total, -(3 * 100 * 0.001) / 1_000);
});

test('where all is lost the rest is nothing, so that all trials have as many returns', () => {
  const { returns, figures } = trialOutcome(
    result([
      [2, 1_000, 0, 100],
      [3, 0, 0, 100],
      [4, 0, 0, 100],
    ]),
    ask,
  );
  assert.equal([returns, figures!.total], [[-1, 0, 0], -1]);
});

test('a span in which nothing came has returns of nothing', () => {
  const { returns, held, figures } = trialOutcome(result([[0, 1_000, 0, 100]]), ask);
  assert.equal([returns, held, figures!.total, figures!.sharpe], [[0, 0, 0], [], 0, null]);
});

test.run();
