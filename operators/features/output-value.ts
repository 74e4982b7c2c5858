import type { FeatureValue } from './definition.ts';

/** What a feature said of one of its outputs. What is not finite is no value: it would poison what is built on it. */
export function outputValue(said: FeatureValue | undefined, output: string): number | null {
  const value = typeof said === 'object' ? Number(Reflect.get(said, output) ?? Number.NaN) : said;
  return value !== undefined && Number.isFinite(value) ? value : null;
}
