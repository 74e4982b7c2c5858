import { fieldsOf } from '../api/fields.ts';
import type { Timed } from '../store/series.ts';
import { INTERVAL_S, type Interval } from './bars.ts';

/** What the outputs of a feature were at one time; null: warming up, or nothing to say. */
export interface ComputedSample extends Timed {
  /** Event time in µs, from which on is asked what is new. */
  readonly atUs: number;
  readonly values: readonly (number | null)[];
}

/**
 * Reader of computed rows. A bar's row is of the bar's end and is drawn where its candle is, at the beginning.
 * @param outputs of the feature: each row has as many values
 * @throws TypeError naming what is not as expected
 */
export function readComputed(interval: Interval | null, outputs: number): (body: unknown) => ComputedSample[] {
  return (body) =>
    fieldsOf('computed', body)
      .list('items')
      .map((row, at) => readRow(row, at, interval, outputs));
}

function readRow(row: unknown, at: number, interval: Interval | null, outputs: number): ComputedSample {
  if (!Array.isArray(row) || row.length !== outputs + 1 || typeof row[0] !== 'number' || !row.slice(1).every(isValue))
    throw new TypeError(`computed/items/${at}: expected a time and ${outputs} values, was ${JSON.stringify(row)}`);
  const [atUs, ...values] = row as [number, ...(number | null)[]];
  const second = 1_000_000;
  if (interval === null) return { timeS: Math.floor(atUs / second), atUs, values };
  const stepS = INTERVAL_S[interval];
  // A bar that ends with its interval exactly would otherwise be taken for the next.
  return { timeS: Math.floor((atUs - 1) / second / stepS) * stepS, atUs, values };
}

function isValue(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isFinite(value));
}
