import { usualValues } from '../../../operators/drift/usual-values.ts';
import type { Normalisation } from '../../../pipelines/environment/normalisation.ts';
import type { Model } from './model.ts';

/** Values that are held against the usual ones: a day of them, or fewer where the training was short. */
const [STRETCHES_LEAST, STRETCH_LEAST] = [20, 30];

/**
 * How each feature, normalised, lay over a training span; null: it was too short to say.
 * @param values as they were computed, row by row
 * @param aDay rows in a day
 */
export function usualFeatures(
  { columns, means, scales, clip }: Normalisation,
  values: Float64Array,
  aDay: number,
): Model['usual'] {
  const rows = values.length / columns.length;
  const most = Math.floor(rows / STRETCHES_LEAST);
  const stretch = Math.min(most, Math.max(STRETCH_LEAST, Math.round(aDay)));
  if (stretch < STRETCH_LEAST) return null;
  return columns.map((_, n) => {
    const normalised = Float64Array.from({ length: rows }, (_, row) => {
      const value = (values[row * columns.length + n]! - means[n]!) / scales[n]!;
      return Math.max(-clip, Math.min(clip, value));
    });
    return usualValues(normalised, stretch);
  });
}
