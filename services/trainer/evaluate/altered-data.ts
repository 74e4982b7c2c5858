import type { Random } from '../../../operators/random.ts';
import { indexFrom } from '../../../pipelines/environment/bar-span.ts';
import { fitNormalisation } from '../../../pipelines/environment/normalisation.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import type { BarData, Span } from '../run/bar-data.ts';

/** The same candles with other spans; normalisation is fitted anew, on the training span alone. */
export function dataOver(data: BarData, { train, test }: { readonly train: Span; readonly test: Span }): BarData {
  const { features, bars } = data;
  return { ...data, train, test, normalisation: fitNormalisation({ features, bars, ...train }) };
}

/** What is observed at a candle's close is what was so many candles before: what is known comes later. */
export function delayedFeatures(data: BarData, delayBars: number): BarData {
  const { features } = data;
  const shift = Math.min(features.values.length, delayBars * features.columns.length);
  const values = new Float64Array(features.values.length).fill(Number.NaN);
  values.set(features.values.subarray(0, values.length - shift), shift);
  return { ...data, features: { ...features, values } };
}

/**
 * Features stay where they are, and what they are to foretell is shuffled: within each span the candles come in another
 * order, each with the moves that it had from the close before it. The span's first and last close stay (but for ticks), and
 * so what holding gains; all else is beyond knowing.
 */
export function shuffledMoves(data: BarData, spans: readonly Span[], { below }: Random): BarData {
  const { bars } = data;
  const { openTimesMs } = bars;
  const shuffled: BarTape = {
    ...bars,
    open: bars.open.slice(),
    high: bars.high.slice(),
    low: bars.low.slice(),
    close: bars.close.slice(),
    volume: bars.volume.slice(),
  };
  for (const { fromMs, toMs } of spans) {
    // Before the first candle of all there is no close.
    const from = Math.max(1, indexFrom(openTimesMs, fromMs));
    const to = indexFrom(openTimesMs, toMs);
    const order = Array.from({ length: to - from }, (_, n) => from + n);
    for (let n = order.length - 1; n > 0; n--) {
      const other = below(n + 1);
      [order[n], order[other]] = [order[other]!, order[n]!];
    }
    let exact: number = bars.close[from - 1]!;
    for (const [n, source] of order.entries()) {
      const at = from + n;
      const scale = exact / bars.close[source - 1]!;
      for (const name of ['open', 'high', 'low', 'close'] as const)
        shuffled[name][at] = Math.max(1, Math.round(bars[name][source]! * scale));
      shuffled.volume[at] = bars.volume[source]!;
      exact = bars.close[source]! * scale;
    }
  }
  return { ...data, bars: shuffled };
}
