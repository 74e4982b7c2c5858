import { BadInput } from '../../infra/setup-error.ts';
import { KLINE_INTERVALS, type KlineInterval } from '../../operators/kline-bars.ts';
import { unmetByCandles } from '../../pipelines/simulation/bar-needs.ts';
import { holdsMarket } from './market-recording.ts';
import type { RecordedSpan } from './recorded-span.ts';
import type { RunOptions } from './run-backtest.ts';

/** Longer candles do not begin at multiples of their length since the epoch. */
const INTERVAL_MS_MAX = KLINE_INTERVALS['1d'];

/**
 * The candles that a run has to make do with: the finest of a recording that holds neither depth nor trades. undefined: it
 * holds these, or does not say what it holds.
 * @throws BadInput where it holds no candles either, or a strategy needs what they do not tell
 */
export function candlesOf({ counts }: RecordedSpan, options: RunOptions): KlineInterval | undefined {
  const { instrument, recording, strategy, parameters } = options;
  if (counts === undefined || holdsMarket({ counts })) return undefined;
  const intervals = (Object.keys(KLINE_INTERVALS) as KlineInterval[]).filter(
    (interval) => counts[`kline_${interval}`] && KLINE_INTERVALS[interval] <= INTERVAL_MS_MAX,
  );
  const [finest] = intervals;
  if (finest === undefined) {
    const held =
      Object.keys(counts)
        .filter((channel) => counts[channel])
        .join(', ') || 'nothing';
    throw new BadInput(
      `${instrument}, recording ${recording}: expected depth, trades, or candles of up to a day, found ${held}`,
    );
  }
  const unmet = unmetByCandles(strategy.definition, parameters, finest, KLINE_INTERVALS[finest]);
  if (unmet === undefined) return finest;
  const coarser = intervals.find(
    (interval) => unmetByCandles(strategy.definition, parameters, interval, KLINE_INTERVALS[interval]) === undefined,
  );
  if (coarser !== undefined) return coarser;
  throw new BadInput(`${instrument}, recording ${recording}: ${unmet}`);
}
