import type { BarTape, FundingColumns } from '../../streams/tape/bar-tape.ts';
import type { InvalidSpan } from './backtest-result.ts';

const DAY_MS = 86_400_000;

/** What the reader of a run on candles must know. */
export function barWarnings(bars: BarTape, interval: string, funding: FundingColumns): string[] {
  const unknown = bars.volume.reduce((count, volume) => count + Number(Number.isNaN(volume)), 0);
  return [
    `Only candles of ${interval} are recorded, so the run is by a coarser model: spread and slippage are assumed, a limit order counts as filled where the price went through it, and of what may have happened first within a candle the worse for the account was taken. What hangs on less than a candle, such as a stop or target nearer than its range, cannot be judged by it.`,
    ...(unknown > 0
      ? [`The volume of ${unknown} candles is not recorded: there an order of any size was filled as a whole.`]
      : []),
    ...fundingWarnings(bars, funding),
  ];
}

function fundingWarnings({ openTimesMs, intervalMs }: BarTape, { timesMs }: FundingColumns): string[] {
  const [fromMs, toMs] = [openTimesMs[0] ?? 0, (openTimesMs.at(-1) ?? 0) + intervalMs];
  const within = timesMs.filter((timeMs) => timeMs > fromMs && timeMs <= toMs);
  const missing = 'costs of holding are missing';
  if (within.length === 0) return [`No funding was recorded: ${missing}.`];
  // Each settlement, and both ends of the run, are to be within a day of another: they are eight hours apart at most.
  const known = [fromMs, ...within, toMs];
  const bare = known.slice(1).filter((timeMs, n) => timeMs - known[n]! > DAY_MS);
  if (bare.length === 0) return [];
  const bareMs = known
    .slice(1)
    .reduce((sum, timeMs, n) => sum + (timeMs - known[n]! > DAY_MS ? timeMs - known[n]! : 0), 0);
  return [
    `Funding was recorded for a part of the run only: for ${(bareMs / DAY_MS).toFixed(1)} of ${((toMs - fromMs) / DAY_MS).toFixed(1)} days ${missing}.`,
  ];
}

/** Times of candles that are missing. */
export function missingCandles({ openTimesMs, intervalMs }: BarTape, interval: string): InvalidSpan[] {
  const spans: InvalidSpan[] = [];
  for (let n = 1; n < openTimesMs.length; n++) {
    const fromMs = openTimesMs[n - 1]! + intervalMs;
    if (openTimesMs[n]! > fromMs) spans.push({ fromMs, toMs: openTimesMs[n]!, reason: `kline_${interval}: missing` });
  }
  return spans;
}
