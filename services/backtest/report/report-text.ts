import { table } from '../../cli/table.ts';
import type { BacktestReport } from './backtest-report.ts';
import { amount, counted, decimal, duration, exact, percent, range, signed, utc } from './numbers.ts';

/** A report for the terminal. */
export function reportText(report: BacktestReport): string {
  const { id, settings, span, verdict, warnings } = report;
  const parameters = Object.entries(settings.parameters).map(([name, value]) => `${name} ${value}`);
  const head = [
    `${settings.strategy}${parameters.length > 0 ? ` (${parameters.join(', ')})` : ''} on ${settings.instrument}`,
    `${utc(span.fromMs)} to ${utc(span.toMs)} UTC, ${duration(span.durationMs)} of recording ${settings.recording}`,
    `run ${id}`,
    '',
    verdict,
  ].join('\n');
  const said = warnings.map(({ text }) => `! ${text}`).join('\n');
  const hasTraded = report.outcomes.length > 0;
  const tables = hasTraded ? [resultTable, tradeTable, costTable, outcomeTable] : [];
  const orders = hasTraded ? '' : ordersText(report);
  const sections = [head, orders, ...tables.map((write) => write(report)), said];
  return sections.filter((section) => section !== '').join('\n\n');
}

function resultTable(report: BacktestReport): string {
  const { returns, equity, drawdown, benchmark, intervals, exposure, quoteAsset } = report;
  const { deepest, longest, underWater } = drawdown;
  const alphaBeta = benchmark?.alphaBeta;
  const period = duration(returns.periodMs);
  const rows = [
    ['net', `${signed(amount(equity.net))} ${quoteAsset}`, ''],
    ['return', signed(percent(returns.total)), ''],
    ['  a year', signed(percent(returns.annualised)), ''],
    [`  mean of ${period}`, signed(percent(returns.mean)), range(intervals.meanReturn, percent)],
    ['volatility a year', percent(returns.volatility), ''],
    ['Sharpe ratio', decimal(returns.sharpe), range(intervals.sharpe, decimal)],
    ['  above 0, probability', percent(returns.probabilisticSharpe, 1), ''],
    ...(returns.deflatedSharpe === null
      ? []
      : [[`  above ${returns.trials} trials' luck`, percent(returns.deflatedSharpe, 1), '']]),
    ['Sortino ratio', decimal(returns.sortino), ''],
    ['Calmar ratio', decimal(returns.calmar), ''],
    ['greatest drawdown', percent(deepest?.share), range(intervals.maxDrawdown, percent)],
    ['  amount', deepest === null ? '–' : `${amount(deepest.amount)} ${quoteAsset}`, ''],
    ['longest drawdown', duration(longest?.durationMs), ''],
    ['time under water', percent(underWater, 1), ''],
    ['time in position', percent(exposure?.inPosition, 1), ''],
    ['  long, short', exposure && `${percent(exposure.long, 1)}, ${percent(exposure.short, 1)}`, ''],
    ['mean, greatest leverage', exposure && `${decimal(exposure.meanLeverage)}, ${decimal(exposure.maxLeverage)}`, ''],
    ['holding the instrument', signed(percent(benchmark?.total)), ''],
    [`  return above it, of ${period}`, percent(benchmark?.meanActive), range(intervals.activeReturn, percent)],
    ['beta', decimal(alphaBeta?.beta), ''],
    ...(returns.annualised === null ? [] : [['alpha a year', signed(percent(alphaBeta?.alpha)), '']]),
    ['information ratio', decimal(benchmark?.informationRatio), ''],
  ];
  const interval = `${decimal(intervals.level * 100, 0)} % INTERVAL`;
  return table(
    ['RESULT', '', interval],
    rows.map((row) => row.map((cell) => cell ?? '–')),
    ['', interval],
  );
}

function tradeTable({ trades, intervals, quoteAsset, traded, turnover }: BacktestReport): string {
  const { order } = trades;
  const rows = [
    ['trades', decimal(trades.count, 0), ''],
    ['hit rate', percent(trades.hitRate, 1), range(trades.hitRateInterval, (share) => percent(share, 1))],
    ['profit factor', decimal(trades.profitFactor), ''],
    ['mean result', amount(trades.expectancy), range(intervals.expectancy, amount)],
    ['mean win, loss', `${amount(trades.averageWin)}, ${amount(trades.averageLoss)}`, ''],
    ['best, worst', `${amount(trades.best)}, ${amount(trades.worst)}`, ''],
    ['losses in a row', decimal(trades.losingStreak, 0), ''],
    ['mean holding time', duration(trades.meanHoldingMs), ''],
    ['drawdown in other orders', amount(order?.median), order ? `5 % above ${amount(order.percentile95)}` : '–'],
    ['traded', `${amount(traded)} ${quoteAsset}`, turnover === null ? '' : `${decimal(turnover, 1)} × equity`],
  ];
  return table(['TRADES', quoteAsset, ' '], rows, [quoteAsset, ' ']);
}

function costTable({ costs, quoteAsset, traded }: BacktestReport): string {
  const bps = (value: number) => (traded > 0 ? decimal((value / traded) * 10_000) : '–');
  const rows = costRows(costs).map(([name, value]) => [name, signed(amount(value)), bps(value)]);
  return table(['COSTS', quoteAsset, 'BPS OF TRADED'], rows, [quoteAsset, 'BPS OF TRADED']);
}

/** What became of the orders. */
export function ordersText({ orders: { sent, filled, cancelled, rejected, stopped } }: BacktestReport): string {
  const named = (what: string, counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `, ${decimal(count, 0)} ${what} (${name})`)
      .join('');
  const usual = `${counted(sent, 'order')} sent, ${decimal(filled, 0)} filled, ${decimal(cancelled, 0)} cancelled`;
  return `${usual}${named('refused', rejected)}${named('stopped by a risk limit', stopped)}`;
}

/** From what prices alone gave to what was left, without steps of nothing; what was paid is below 0. */
export function costRows(costs: BacktestReport['costs']): [name: string, value: number][] {
  const rows: [name: string, value: number][] = [
    ['by prices alone', costs.beforeCosts],
    ['spread earned by waiting', -costs.makerSpread],
    ['spread and depth paid by taking', -costs.takerSpread],
    ['slippage', -costs.slippage],
    ['maker fees', -costs.makerFees],
    ['taker fees', -costs.takerFees],
    ['funding', costs.funding],
    ['net', costs.net],
  ];
  return rows.filter(([, value], n) => value !== 0 || n === 0 || n === rows.length - 1);
}

function outcomeTable(report: BacktestReport): string {
  const { outcomes, baseAsset, quoteAsset, markouts } = report;
  const rows = outcomes.map(({ outcome, fills, qty, fees, spread, markout }) => [
    outcome,
    decimal(fills, 0),
    exact(qty),
    amount(fees),
    amount(spread),
    decimal(markout.bps),
  ]);
  const head = ['FILLED BY', 'FILLS', baseAsset, `FEES ${quoteAsset}`, 'SPREAD', '10 s LATER, BPS'];
  const later = Object.entries(markouts).flatMap(([who, list]) => {
    const known = list.filter(({ fills }) => fills > 0);
    const said = known.map(
      ({ horizonMs, bps, fills }) => `${decimal(bps)} bps after ${duration(horizonMs)} (${counted(fills, 'fill')})`,
    );
    return said.length === 0 ? [] : [`markout of ${who}s: ${said.join(', ')}`];
  });
  return [table(head, rows, head.slice(1)), ...later, ordersText(report)].join('\n');
}
