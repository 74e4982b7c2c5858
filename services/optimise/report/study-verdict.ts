import { quantile } from '../../../operators/performance/interval.ts';
import { decimal, duration, percent, range } from '../../backtest/report/numbers.ts';
import type { InSample, OutOfSample } from './study-report.ts';

/** From here on the search picks what was lucky as often as what is good. */
const OVERFITTING_MAX = 0.5;

/** What a study comes to, in words. Its figures are of the test spans; of the search it only says how far to trust it. */
export function studyVerdict(result: OutOfSample, inSample: InSample, instrument: string): string {
  return [outcome(result), judgement(result), ofSearch(inSample), ...ofHolding(result, instrument)].join(' ');
}

function outcome({ total, fills, fromMs, toMs, spans }: OutOfSample): string {
  const when = `in ${duration(toMs - fromMs)} that nothing was chosen by (${spans.length} test ${spans.length === 1 ? 'span' : 'spans'})`;
  if (fills === 0) return `Out of sample no order was filled, ${when}: there is no result.`;
  if (total <= -1) return `Out of sample the account was lost, ${when}.`;
  return `Out of sample it ${total > 0 ? 'gained' : 'lost'} ${percent(Math.abs(total))} ${when}.`;
}

function judgement({ fills, mean, sharpe, intervals }: OutOfSample): string {
  if (fills === 0) return 'No better than flat.';
  const { meanReturn, level } = intervals;
  if (meanReturn === null) return 'Too short to tell from luck.';
  const figures = `the Sharpe ratio is ${decimal(sharpe)}, with ${decimal(level * 100, 0)} % confidence ${range(intervals.sharpe, decimal)}`;
  if (meanReturn.high < 0) return `Worse than flat, and no bad luck: ${figures}.`;
  if (mean === null || mean <= 0) return `No better than flat: ${figures}.`;
  if (meanReturn.low <= 0) return `Not distinguishable from luck: ${figures}.`;
  return `Better than flat, and unlikely to be luck: ${figures}.`;
}

function ofSearch({ windows }: InSample): string {
  const known = windows.flatMap(({ overfitting }) => overfitting ?? []).sort((one, other) => one - other);
  if (known.length === 0) return 'Whether the search fits itself to chance cannot be told.';
  const median = quantile(known, 0.5);
  const share = `probability of overfitting ${percent(median, 0)}`;
  return median >= OVERFITTING_MAX
    ? `Within training spans the search picks what was lucky, not what is good (${share}): do not trust its choice.`
    : `Within training spans the search picks what stays good more often than not (${share}).`;
}

function ofHolding({ fills, holding, intervals }: OutOfSample, instrument: string): string[] {
  if (holding === null || fills === 0) return [];
  const symbol = instrument.split(':').at(-1);
  const { activeReturn } = intervals;
  const isBetter = activeReturn !== null && activeReturn.low > 0;
  const isWorse = activeReturn !== null && activeReturn.high < 0;
  const than = isBetter
    ? 'the strategy did better'
    : isWorse
      ? 'the strategy did worse'
      : 'the difference is not distinguishable from luck';
  return [`Holding ${symbol} ${holding < 0 ? 'lost' : 'gained'} ${percent(Math.abs(holding))}; ${than}.`];
}
