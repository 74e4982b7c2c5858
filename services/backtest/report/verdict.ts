import type { BacktestReport } from './backtest-report.ts';
import { amount, decimal, duration, percent, range } from './numbers.ts';

/** What the figures come to, in two sentences. */
export function verdict(report: Omit<BacktestReport, 'verdict' | 'warnings'>): string {
  const { equity, outcomes, span, quoteAsset, benchmark, settings, liquidations } = report;
  if (outcomes.length === 0) return 'No order was filled: there is nothing to judge.';
  const { net } = equity;
  const size = `${percent(Math.abs(report.returns.total))} (${amount(Math.abs(net))} ${quoteAsset}) in ${duration(span.durationMs)}`;
  const own =
    net > 0 ? `Gained ${size}` : net < 0 ? `Lost ${size}` : `Neither gained nor lost in ${duration(span.durationMs)}`;
  const instrument = settings.instrument.split(':').at(-1);
  const held =
    benchmark === null
      ? ''
      : `; holding ${instrument} ${benchmark.total < 0 ? 'lost' : 'gained'} ${percent(Math.abs(benchmark.total))}`;
  const ends = [`${own}${held}.`, judgement(report)];
  if (equity.least <= 0) ends.unshift('The account was lost.');
  else if (liquidations > 0)
    ends.unshift(`The exchange liquidated ${liquidations === 1 ? 'the position' : `${liquidations} positions`}.`);
  return ends.join(' ');
}

function judgement({ intervals, returns }: Omit<BacktestReport, 'verdict' | 'warnings'>): string {
  const { meanReturn, sharpe, activeReturn } = intervals;
  if (meanReturn === null) return 'The run is too short to tell that from luck.';
  const figures = `the Sharpe ratio is ${decimal(returns.sharpe)}, with ${decimal(intervals.level * 100, 0)} % confidence ${range(sharpe, decimal)}`;
  if (meanReturn.high < 0) return `That is no bad luck: ${figures}.`;
  if (meanReturn.low <= 0) return `It cannot be told from luck: ${figures}.`;
  const isBetter = activeReturn !== null && activeReturn.low > 0;
  const isUnproven = returns.deflatedSharpe !== null && returns.deflatedSharpe < 0.95;
  if (isUnproven)
    return `By itself it is unlikely to be luck, but the best of ${returns.trials} trials may well be: ${figures}.`;
  return `It is unlikely to be luck${isBetter ? ', and more than holding gave' : ''}: ${figures}.`;
}
