import { fieldsOf } from '../api/fields.ts';
import type { Timed } from '../store/series.ts';

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

/** The last values of each feature in one second; null where it is warming up. While the book is invalid there are none. */
export interface FeatureSample extends Timed {
  readonly values: Readonly<Record<Feature, number | null>>;
}

/** The set that they belong to; others come over the same topic. */
export const SPINE_SET = 'spine-v1';

/** Seconds that are kept. */
export const SAMPLES_MAX = 7200;

/** Takes a derived event and a stored row alike. @throws TypeError naming the field that is not as expected */
export function readFeatureSample(value: unknown): FeatureSample {
  const fields = fieldsOf('features', value);
  const values = Object.fromEntries(FEATURES.map((name) => [name, fields.numberOrNull(name)]));
  return {
    timeS: Math.floor(fields.number('ts') / 1_000_000),
    values: values as Record<Feature, number | null>,
  };
}

/** An event of the topic is one of this set. Those that do not say so are of the time when there was no other. */
export function isOfSpine(value: unknown): boolean {
  const set = fieldsOf('features', value).textOrNull('set');
  return set === null || set === SPINE_SET;
}
