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
  const known = Array.from(curve.timesMs.keys()).filter((n) => Number.isFinite(curve.equity[n]));
  const pick = (first: number, column: Float64Array) => Float64Array.from([first, ...known.map((n) => column[n]!)]);
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
