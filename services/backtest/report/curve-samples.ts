import type { HeldSamples } from '../../../operators/performance/exposure.ts';
import type { BacktestResult } from '../backtest-result.ts';

/** The account from the first to the last moment of the run. */
export interface CurveSamples extends HeldSamples {
  readonly timesMs: Float64Array;
  readonly equity: Float64Array;
  readonly position: Float64Array;
  /** Not finite before the first price. */
  readonly price: Float64Array;
}

/** The curve, which begins with the initial balance at the start of the run; samples without an equity are left out. */
export function curveSamples({ curve, fromMs, settings }: BacktestResult): CurveSamples {
  const pick = (first: number, column: Float64Array): Float64Array => {
    const known = column.filter((_, n) => Number.isFinite(curve.equity[n]));
    const samples = new Float64Array(known.length + 1);
    samples[0] = first;
    samples.set(known, 1);
    return samples;
  };
  const start = Math.min(fromMs, curve.timesMs[0] ?? fromMs);
  return {
    timesMs: pick(start, curve.timesMs),
    equity: pick(settings.initialBalance, curve.equity),
    position: pick(0, curve.position),
    price: pick(curve.price.find(Number.isFinite) ?? Number.NaN, curve.price),
  };
}

/** Times and prices of the samples that have a price. */
export function priceSamples({ timesMs, price }: CurveSamples): { timesMs: Float64Array; values: Float64Array } {
  return { timesMs: timesMs.filter((_, n) => Number.isFinite(price[n])), values: price.filter(Number.isFinite) };
}
