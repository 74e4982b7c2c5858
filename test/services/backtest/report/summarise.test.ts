import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BacktestFill, BacktestResult } from '../../../../services/backtest/backtest-result.ts';
import type { BacktestReport } from '../../../../services/backtest/report/backtest-report.ts';
import { summarise } from '../../../../services/backtest/report/summarise.ts';
import { emptyRun, losingTaker, MADE_FROM_MS, madeResult, marketMaker, nothingAtAll } from './made-results.ts';

const test = suite('services/backtest/report/summarise');

function near(actual: number | null | undefined, expected: number, tolerance: number): void {
  const isNear = typeof actual === 'number' && Math.abs(actual - expected) <= tolerance;
  assert.ok(isNear, `expected ${expected} within ${tolerance}, was ${actual}`);
}

const codes = (report: BacktestReport) => report.warnings.map(({ code }) => code);

/** One trade of 0.1 BTC that won 10 USDT less fees, by hand. */
function oneTrade(): BacktestResult {
  const empty = emptyRun();
  const at = (
    n: number,
    more: Pick<BacktestFill, 'side' | 'price' | 'midWhenSent' | 'midWhenFilled'>,
  ): BacktestFill => ({
    timeMs: MADE_FROM_MS + n * 1_000,
    orderId: n,
    qty: 0.1,
    isMaker: false,
    outcome: 'taker',
    fee: 3,
    realisedPnl: 0,
    ...more,
  });
  return {
    ...empty,
    curve: {
      timesMs: Float64Array.of(0, 100_000, 300_000, 600_000).map((ms) => MADE_FROM_MS + ms),
      equity: Float64Array.of(10_000, 9_997, 10_004, 10_004),
      position: Float64Array.of(0, 0.1, 0, 0),
      price: Float64Array.of(60_000, 60_000, 60_100, 60_300),
    },
    fills: [
      at(100, { side: 'buy', price: 60_001, midWhenSent: 59_999, midWhenFilled: 60_000 }),
      at(300, { side: 'sell', price: 60_101, midWhenSent: 60_102, midWhenFilled: 60_102 }),
    ],
    funding: [],
    orders: { sent: 4, filled: 2, cancelled: 0, rejected: { '-2019': 1 }, stopped: { 'max-notional': 1 } },
  };
}

test('a trade by hand comes out as it was', () => {
  const report = summarise(oneTrade());
  near(report.equity.net, 4, 1e-9);
  near(report.returns.total, 0.0004, 1e-12);
  near(report.benchmark?.total, 0.005, 1e-12);
  near(report.exposure?.inPosition, 1 / 3, 1e-12);
  near(report.traded, 0.1 * (60_001 + 60_101), 1e-6);
  assert.is(report.trades.count, 1);
  near(report.trades.expectancy, 10 - 6, 1e-9);
  const { costs } = report;
  assert.is(costs.fees, 6);
  near(costs.takerSpread, 0.1 + 0.1, 1e-9);
  near(costs.slippage, 0.1, 1e-9);
  near(costs.beforeCosts, 4 + 6 + 0.2 + 0.1, 1e-9);
  assert.is(report.drawdown.deepest?.amount, 3);
  assert.equal(
    report.outcomes.map(({ outcome, fills }) => [outcome, fills]),
    [['taker', 2]],
  );
});

test('what prices gave less what trading cost is the net, and trades are the equity', () => {
  for (const result of [marketMaker(), losingTaker()]) {
    const { costs, equity, trades } = summarise(result);
    const { beforeCosts, makerSpread, takerSpread, slippage, fees, funding } = costs;
    near(beforeCosts - makerSpread - takerSpread - slippage - fees + funding, equity.net, 1e-6);
    const closed = trades.closed.reduce((sum, { pnl }) => sum + pnl, 0);
    near(closed + (trades.open?.pnl ?? 0), equity.net, 1e-6);
  }
});

test('funding that was paid is a cost of the trade and of the run', () => {
  const result = oneTrade();
  const paid = summarise({ ...result, funding: [{ timeMs: MADE_FROM_MS + 200_000, rate: 0.0001, amount: -0.6 }] });
  assert.is(paid.costs.funding, -0.6);
  near(paid.trades.expectancy, 10 - 6 - 0.6, 1e-9);
  near(paid.costs.beforeCosts, summarise(result).costs.beforeCosts + 0.6, 1e-9);
});

test('is plain JSON without a figure that is none', () => {
  for (const result of [marketMaker(), losingTaker(), emptyRun(), nothingAtAll(), oneTrade()]) {
    const report = summarise(result);
    assert.equal(JSON.parse(JSON.stringify(report)), report, result.settings.strategy);
  }
});

test('the same result gives the same report', () => {
  assert.is(JSON.stringify(summarise(marketMaker())), JSON.stringify(summarise(marketMaker())));
});

test('a maker that gains beyond luck is told so, with the gaps that it crossed', () => {
  const report = summarise(marketMaker());
  assert.match(report.verdict, /^Gained .*unlikely to be luck, and more than holding gave/);
  assert.equal(codes(report), ['gaps', 'short', 'trades', 'open']);
  const { spans, durationMs, byReason, held } = report.invalid;
  assert.is(spans, 3);
  assert.is(durationMs, 4_000 + 0.5 * 3_600_000, 'what overlaps counts once');
  assert.equal(byReason, { book: 1, disconnected: 1, sequence: 1 });
  assert.is(held, 2);
  assert.is(report.returns.annualised, null, 'eight hours are no year');
});

test('a taker that loses is told that too', () => {
  const report = summarise(losingTaker());
  assert.match(report.verdict, /^Lost .*no bad luck/);
  assert.ok(codes(report).includes('holding'));
  assert.is(report.returns.periodMs, 86_400_000);
  assert.ok(report.returns.annualised! < report.returns.total);
  assert.equal(
    report.calendar.returns.map(({ name, isPartial }) => `${name}${isPartial ? '*' : ''}`),
    ['2024-08*', '2024-09', '2024-10', '2024-11*'],
  );
  const product = report.calendar.returns.reduce((all, entry) => all * (1 + entry.return), 1);
  near(product - 1, report.returns.total, 1e-9);
});

test('buying and holding is no better than buying and holding', () => {
  const result = madeResult({
    strategy: 'hold',
    steps: 7_200,
    stepMs: 1_000,
    wants: (n) => (n === 0 ? { qty: 0.16, outcome: 'taker' } : undefined),
  });
  const report = summarise(result);
  near(report.benchmark?.alphaBeta?.beta, 0.96, 0.02);
  assert.ok(codes(report).includes('holding'), codes(report).join(' '));
  assert.ok(codes(report).includes('luck'));
  assert.match(report.verdict, /cannot be told from luck/);
});

test('the best of a search is deflated by how many there were', () => {
  const alone = summarise(marketMaker());
  const searched = summarise(marketMaker(), { search: { trials: 500, variance: 0.04 } });
  assert.is(alone.returns.deflatedSharpe, null);
  assert.ok(searched.returns.deflatedSharpe! < searched.returns.probabilisticSharpe!);
  assert.ok(codes(searched).includes('search'));
  assert.match(searched.verdict, /best of 500 trials/);
});

test('an empty run says that there is nothing to judge', () => {
  for (const result of [emptyRun(), nothingAtAll()]) {
    const report = summarise(result);
    assert.is(report.verdict, 'No order was filled: there is nothing to judge.');
    assert.equal(report.warnings, []);
    assert.is(report.returns.sharpe, null);
    assert.is(report.intervals.meanReturn, null);
  }
});

test('ruin, liquidations, refusals and what the run said come first', () => {
  const result = oneTrade();
  const ruined: BacktestResult = {
    ...result,
    curve: { ...result.curve, equity: Float64Array.of(10_000, 5_000, -20, 3_000) },
    liquidations: 1,
    warnings: ['Of candles: a coarser model.'],
  };
  const report = summarise(ruined);
  assert.match(report.verdict, /^The account was lost\./);
  assert.equal(report.warnings[0], { code: 'run', text: 'Of candles: a coarser model.' });
  assert.ok(codes(report).includes('ruin'));
  assert.ok(codes(report).includes('orders'));
  assert.ok(report.drawdown.deepest!.share > 1);
});

test('orders that were stopped are told of by whom, and those before the run trades are not', () => {
  const result = oneTrade();
  const warned = (rejected: Record<string, number>, stopped: Record<string, number>) =>
    summarise({ ...result, orders: { ...result.orders, sent: 3, rejected, stopped } }).warnings.find(
      ({ code }) => code === 'orders',
    )?.text;
  assert.is(warned({}, { 'warm-up': 14 }), undefined);
  assert.is(warned({}, { maxPosition: 2, 'warm-up': 14 }), 'Risk limits stopped 2 orders beside 3 that were sent.');
  assert.is(
    warned({ '-5022': 1 }, { maxPosition: 2 }),
    'The exchange refused 1 of 3 orders, and risk limits stopped 2 more.',
  );
});

test('samples without an equity and fills without a midprice are left out and told', () => {
  const result = oneTrade();
  const [first, ...others] = result.fills;
  const report = summarise({
    ...result,
    curve: { ...result.curve, equity: Float64Array.of(Number.NaN, 9_997, 10_004, 10_004) },
    fills: [{ ...first!, midWhenSent: Number.NaN, midWhenFilled: Number.NaN }, ...others],
  });
  assert.is(report.costs.withoutMid, 1);
  assert.ok(codes(report).includes('mid'));
  assert.equal(JSON.parse(JSON.stringify(report)), report);
});

test.run();
