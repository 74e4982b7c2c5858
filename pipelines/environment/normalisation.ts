import { moments } from '../../operators/performance/moments.ts';
import type { BarTape } from '../../streams/tape/bar-tape.ts';
import type { BarFeatures } from './bar-features.ts';
import { indexFrom, timeText } from './bar-span.ts';

/** How feature values become an observation: (value − mean) ÷ scale, cut at ±clip. Plain data, to be kept with a model. */
export interface Normalisation {
  readonly columns: readonly string[];
  readonly means: readonly number[];
  /** Above 0. */
  readonly scales: readonly number[];
  /** Above 0. */
  readonly clip: number;
  /** Of the candles that it was fitted on: first open, and first open after them, ms since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
}

export interface NormalisationOptions {
  readonly features: BarFeatures;
  readonly bars: Pick<BarTape, 'openTimesMs'>;
  /** The training span, ms since the epoch; the second is not included. Nothing outside is looked at. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Bound of what is observed, standard deviations; 10 where it is not said. */
  readonly clip?: number;
}

/**
 * Mean and standard deviation of each column over a training span, of the values that are valid. A column that never changes
 * has the scale 1, so that it is observed as 0.
 * @throws RangeError for a span without a candle, a column without a value in it, or a clip that is not above 0
 */
export function fitNormalisation(options: NormalisationOptions): Normalisation {
  const { features, bars, fromMs, toMs, clip = 10 } = options;
  const { columns, values } = features;
  if (!(clip > 0)) throw new RangeError(`normalisation, clip: expected a number above 0, found ${clip}`);
  const [from, to] = [indexFrom(bars.openTimesMs, fromMs), indexFrom(bars.openTimesMs, toMs)];
  const span = `from ${timeText(fromMs)} to ${timeText(toMs)}`;
  if (from >= to) throw new RangeError(`normalisation: expected candles ${span}, found none`);
  const fitted = columns.map((name, n) => {
    const valid: number[] = [];
    for (let row = from; row < to; row++) {
      const value = values[row * columns.length + n]!;
      if (!Number.isNaN(value)) valid.push(value);
    }
    const { mean, deviation } = moments(valid);
    if (mean === null) throw new RangeError(`normalisation, ${name}: expected a value ${span}, found none`);
    return { mean, scale: deviation || 1 };
  });
  return {
    columns,
    means: fitted.map(({ mean }) => mean),
    scales: fitted.map(({ scale }) => scale),
    clip,
    fromMs,
    toMs,
  };
}

/** The greatest number of a Float32Array: what is cut there is not Infinity. */
const FLOAT32_MAX = (2 - 2 ** -23) * 2 ** 127;

/** Values as they are. */
export function noNormalisation({ columns }: Pick<BarFeatures, 'columns'>): Normalisation {
  return {
    columns,
    means: columns.map(() => 0),
    scales: columns.map(() => 1),
    clip: FLOAT32_MAX,
    fromMs: Number.NEGATIVE_INFINITY,
    toMs: Number.NEGATIVE_INFINITY,
  };
}
