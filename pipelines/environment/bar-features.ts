import type { ClosedBar, FeatureInput } from '../../operators/features/feature-input.ts';
import { featureSet } from '../../operators/features/feature-set.ts';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { KLINE_INTERVALS } from '../../operators/kline-bars.ts';
import type { Scale } from '../../streams/events/scale.ts';
import type { BarTape } from '../../streams/tape/bar-tape.ts';
import { createBarInputs } from '../simulation/bar-inputs.ts';
import { otherThanBars, strategyFeatureSet, type WantedFeature } from '../simulation/strategy-features.ts';

/** What features say at each candle of a tape. Plain data, which several environments may share. */
export interface BarFeatures {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** All that decides on the values, as text: equal texts, equal values of the same candles. */
  readonly definition: string;
  /** Row by row, one a candle: what is known at its close; NaN: warming up, or nothing to say. */
  readonly values: Float64Array;
}

export interface BarFeaturesOptions {
  readonly bars: BarTape;
  readonly scale: Scale;
  /** A set of candles of the tape's length, or features of the catalogue that are of bars. */
  readonly features: FeatureSet | readonly WantedFeature[];
}

/**
 * Computes features once for a whole tape, by the folds that compute them live. A set of the venue's candles is told of them
 * as of `kline` events; any other one of closed bars, and of a hole as of a gap of the trades.
 * @throws RangeError that names the set or feature which is not of such candles, what was expected and what was found
 */
export function barFeatures({ bars, scale, features }: BarFeaturesOptions): BarFeatures {
  const set = 'clock' in features ? features : wantedSet(bars, features);
  checkSet(set, bars.intervalMs);
  const { initialState, evolve, project } = featureSet(set);
  const columns = set.columns.map(({ name }) => name);
  const values = new Float64Array(bars.openTimesMs.length * columns.length).fill(Number.NaN);
  let state = initialState();
  let at = 0;
  const tell = (input: FeatureInput): void => {
    state = evolve(state, input);
    const said = project(state, input);
    if (said === undefined) return;
    for (let n = 0; n < columns.length; n++) values[at + n] = said.values[n] ?? Number.NaN;
  };
  tell({ type: 'instrument', symbol: '', scale, isInferred: false });
  const { clock } = set;
  const tellBar = createBarInputs(tell);
  const tellNext = (n: number): void =>
    clock.kind === 'kline' ? tell(klineAt(bars, scale, clock.interval, n)) : tellBar(barAt(bars, n));
  for (let n = 0; n < bars.openTimesMs.length; n++) {
    at = n * columns.length;
    tellNext(n);
  }
  return { columns, definition: set.definition, values };
}

function wantedSet({ intervalMs }: BarTape, features: readonly WantedFeature[]): FeatureSet {
  const set = strategyFeatureSet({ name: 'bar-environment', features, barMs: () => intervalMs }, {});
  if (set === undefined) throw new RangeError('features: expected at least one, found none');
  return set;
}

function checkSet({ id, clock, sampling, features }: FeatureSet, intervalMs: number): void {
  // What is of the book or of trades is found first: it is why the sampling is another.
  for (const { definition } of features) {
    const other = otherThanBars(definition);
    if (other !== undefined)
      throw new RangeError(`features: expected those of bars, found ${definition.name}, which is of ${other}`);
  }
  if (sampling !== 'bars')
    throw new RangeError(`features: expected a set that is sampled at bars, found ${id}, which is at ${sampling}`);
  const isOfTime = clock.kind === 'time' || clock.kind === 'kline';
  const found = clock.kind === 'kline' ? KLINE_INTERVALS[clock.interval] : isOfTime ? clock.intervalMs : clock.kind;
  if (found !== intervalMs)
    throw new RangeError(
      `features: expected a set of candles of ${intervalMs} ms, found ${id} of ${isOfTime ? `${found} ms` : `${found} bars`}`,
    );
}

/** The n-th candle as the venue tells it. */
function klineAt(bars: BarTape, { price, qty }: Scale, interval: string, n: number): FeatureInput {
  const { openTimesMs, open, high, low, close, volume } = bars;
  return {
    type: 'kline',
    interval,
    openTimeMs: openTimesMs[n]!,
    open: price.toNumber(open[n]!),
    high: price.toNumber(high[n]!),
    low: price.toNumber(low[n]!),
    close: price.toNumber(close[n]!),
    volume: Number.isNaN(volume[n]!) ? null : qty.toNumber(volume[n]!),
    quoteVolume: null,
    buyVolume: null,
    trades: null,
    isClosed: true,
  };
}

/** The n-th candle as a bar that was made of trades. */
function barAt({ intervalMs, openTimesMs, open, high, low, close, volume }: BarTape, n: number): ClosedBar {
  const openTimeMs = openTimesMs[n]!;
  return {
    type: 'bar',
    openTimeMs,
    closeTimeMs: openTimeMs + intervalMs,
    open: open[n]!,
    high: high[n]!,
    low: low[n]!,
    close: close[n]!,
    // As bars that are made of candles have it.
    volume: Number.isNaN(volume[n]!) ? 0 : volume[n]!,
  };
}
