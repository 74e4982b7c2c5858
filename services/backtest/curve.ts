import type { EquityCurve } from './backtest-result.ts';

/** Samples of an account, at most one each `sampleMs`. */
export interface CurveSampler {
  isDue(timeMs: number): boolean;
  add(timeMs: number, equity: number, position: number, price: number): void;
  take(): EquityCurve;
}

/** A sample is taken at the first event of each span that is counted from the epoch. */
export function createCurve(sampleMs: number): CurveSampler {
  const rows: number[] = [];
  let dueMs = Number.NEGATIVE_INFINITY;
  const column = (n: number): Float64Array =>
    Float64Array.from({ length: rows.length / 4 }, (_, row) => rows[4 * row + n]!);
  return {
    isDue: (timeMs) => timeMs >= dueMs,
    add(timeMs, equity, position, price) {
      rows.push(timeMs, equity, position, price);
      dueMs = (Math.floor(timeMs / sampleMs) + 1) * sampleMs;
    },
    take: () => ({ timesMs: column(0), equity: column(1), position: column(2), price: column(3) }),
  };
}
