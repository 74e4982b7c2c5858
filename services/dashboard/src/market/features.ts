import { fieldsOf } from '../api/fields.ts';
import type { Series, Timed } from '../store/series.ts';

/** Features that the dashboard draws, by their column names. */
export const FEATURES = [
  'midprice',
  'microprice',
  'quoted_spread',
  'queue_imbalance',
  'order_flow_imbalance',
  'trade_imbalance',
  'realized_volatility',
] as const;

export type Feature = (typeof FEATURES)[number];

/** The last values of each feature in one second; null where it is warming up or not valid. */
export interface FeatureSample extends Timed {
  readonly values: Readonly<Record<Feature, number | null>>;
  /** The book that they come from was valid. */
  readonly isValid: boolean;
}

/** Seconds that are kept. */
export const SAMPLES_MAX = 1800;

/** Takes a derived event and a stored row alike. @throws TypeError naming the field that is not as expected */
export function readFeatureSample(value: unknown): FeatureSample {
  const fields = fieldsOf('features', value);
  const values = Object.fromEntries(FEATURES.map((name) => [name, fields.numberOrNull(name)]));
  // The event says `valid`; a stored row has a bit a feature, and only rows of a valid book are stored.
  const isValid = fields.raw('valid') === undefined ? true : fields.flag('valid');
  return {
    timeS: Math.floor(fields.number('ts') / 1_000_000),
    values: values as Record<Feature, number | null>,
    isValid,
  };
}

/**
 * Puts a sample in. Several in one second are one point: the last one counts, but a second that was not valid at any time
 * stays marked so.
 */
export function addSample(samples: Series<FeatureSample>, sample: FeatureSample): void {
  const last = samples.get().at(-1);
  const isTold = last?.timeS === sample.timeS && !last.isValid;
  samples.put(isTold ? { ...sample, isValid: false } : sample);
}
