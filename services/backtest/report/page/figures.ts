import type { BacktestReport } from '../backtest-report.ts';
import { amount, decimal, duration, percent, range, signed } from '../numbers.ts';
import { intervalBar } from './bars.ts';
import { type Html, html } from './html.ts';

/** The figures that are asked for first. */
export function keyFigures(report: BacktestReport): Html {
  const { equity, returns, drawdown, trades, costs, exposure, turnover, benchmark, quoteAsset } = report;
  const { deepest } = drawdown;
  const paid = costs.fees + costs.makerSpread + costs.takerSpread + costs.slippage - costs.funding;
  const tiles: [name: string, value: string, more: string, isSigned?: number][] = [
    ['Net', signed(amount(equity.net)), `${quoteAsset}, of ${amount(equity.initial)}`, equity.net],
    [
      'Return',
      signed(percent(returns.total)),
      returns.annualised === null ? 'of the initial balance' : `${signed(percent(returns.annualised))} a year`,
      returns.total,
    ],
    ['Sharpe ratio', decimal(returns.sharpe), `a year, from returns of ${duration(returns.periodMs)}`],
    ['Sortino ratio', decimal(returns.sortino), `a year; Calmar ${decimal(returns.calmar)}`],
    ['Volatility', percent(returns.volatility), 'a year'],
    [
      'Greatest drawdown',
      percent(deepest?.share),
      deepest === null ? 'none' : `${amount(deepest.amount)} ${quoteAsset}, ${duration(deepest.durationMs)}`,
    ],
    ['Under water', percent(drawdown.underWater, 1), `of the time; longest ${duration(drawdown.longest?.durationMs)}`],
    ['Trades', decimal(trades.count, 0), `hit rate ${percent(trades.hitRate, 1)}`],
    ['Profit factor', decimal(trades.profitFactor), `a trade held for ${duration(trades.meanHoldingMs)}`],
    [
      'In position',
      percent(exposure?.inPosition, 1),
      `long ${percent(exposure?.long, 1)}, short ${percent(exposure?.short, 1)}`,
    ],
    ['Turnover', turnover === null ? '–' : `${decimal(turnover, 1)} ×`, 'of the mean equity'],
    [
      'Leverage',
      exposure === null ? '–' : decimal(exposure.maxLeverage),
      `at most; ${decimal(exposure?.meanLeverage)} in the mean`,
    ],
    ['Costs', amount(paid), `${quoteAsset}, with spread and funding`],
    ['Holding', signed(percent(benchmark?.total)), 'the instrument instead'],
    [
      'Beta',
      decimal(benchmark?.alphaBeta?.beta),
      returns.annualised === null
        ? 'of holding the instrument'
        : `alpha ${signed(percent(benchmark?.alphaBeta?.alpha))} a year`,
    ],
    ['Information ratio', decimal(benchmark?.informationRatio), 'a year, against holding'],
  ];
  return html`<dl class="figures">${tiles.map(
    ([name, value, more, sign = 0]) =>
      html`<div><dt>${name}</dt><dd class="${sign > 0 ? 'up' : sign < 0 ? 'down' : ''}">${value}</dd><dd class="more">${more}</dd></div>`,
  )}</dl>`;
}

/** How sure the figures are. */
export function intervalSection({ intervals, returns, drawdown, trades, benchmark, quoteAsset }: BacktestReport): Html {
  if (trades.count === 0 && intervals.meanReturn === null) return html``;
  const period = duration(returns.periodMs);
  const rows = [
    [`Mean return of ${period}`, intervals.meanReturn, returns.mean, percent, true],
    ['Sharpe ratio a year', intervals.sharpe, returns.sharpe, decimal, true],
    [`Return of ${period} above holding`, intervals.activeReturn, benchmark?.meanActive ?? null, percent, true],
    ['Greatest drawdown', intervals.maxDrawdown, drawdown.deepest?.share ?? null, percent, false],
    ['Hit rate', trades.hitRateInterval, trades.hitRate, percent, false],
    [`Mean result of a trade, ${quoteAsset}`, intervals.expectancy, trades.expectancy, amount, true],
  ] as const;
  const level = decimal(intervals.level * 100, 0);
  const { order } = trades;
  return html`<section aria-labelledby="sure"><h2 id="sure">How sure that is</h2>
<div class="wide"><table class="bars"><thead><tr><th scope="col">Figure</th><th scope="col" class="n">Value</th><th scope="col" class="n">${level} % interval</th><th scope="col" class="drawn"><span class="unseen">Drawn, with a line at 0</span></th></tr></thead><tbody>
${rows.map(
  ([name, interval, value, write, isGain]) =>
    html`<tr><th scope="row">${name}</th><td class="n">${write(value)}</td><td class="n">${range(interval, write)}</td><td class="drawn">${interval !== null && intervalBar(interval, value, isGain)}</td></tr>\n`,
)}</tbody></table></div>
<p class="note">By the stationary bootstrap: ${decimal(intervals.samples, 0)} resampled series of ${decimal(returns.periods, 0)} returns in blocks of ${decimal(intervals.blockLength, 1)} in the mean; the hit rate's is Wilson's. Drawdowns there are of the ends of periods.${
    returns.probabilisticSharpe !== null &&
    ` Probability that the true Sharpe ratio is above 0: ${percent(returns.probabilisticSharpe, 1)}${returns.minimumPeriods === null ? '' : `; it takes ${decimal(Math.ceil(returns.minimumPeriods), 0)} such returns to say so with 95 %`}.`
  }${
    returns.deflatedSharpe !== null &&
    ` Above that of the luckiest of ${returns.trials} trials (deflated): ${percent(returns.deflatedSharpe, 1)}.`
  }${
    order !== null &&
    ` The same trades in ${decimal(order.samples, 0)} other orders have a greatest drawdown of ${amount(order.median)} ${quoteAsset} in the median, and above ${amount(order.percentile95)} in 5 % of them; as they came it was ${amount(order.actual)}.`
  }</p></section>`;
}
