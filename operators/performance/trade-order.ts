import { quantile } from './interval.ts';
import type { Uniform } from './stationary-bootstrap.ts';

/** Greatest drawdowns that the same trades have in other orders, quote asset. */
export interface TradeOrder {
  /** In the order in which they came. */
  readonly actual: number;
  readonly median: number;
  /** Exceeded by 5 % of the orders. */
  readonly percentile95: number;
  readonly percentile99: number;
  readonly worst: number;
  /** Share of the orders with a drawdown as deep as the actual one: small where the actual one was bad luck in order. */
  readonly asDeep: number;
  /** Share of the orders in which the equity comes to 0 or below. */
  readonly ruined: number;
  readonly samples: number;
}

/**
 * Monte Carlo of the order of trades: their results added up from the initial equity in shuffled orders (Fisher & Yates).
 * The end is always the same; what lies between is not. It takes trades for independent and of fixed size. `null` below
 * two trades.
 * @param pnls of each trade, after costs
 */
export function tradeOrder(
  pnls: ArrayLike<number>,
  { initial, samples, uniform }: { readonly initial: number; readonly samples: number; readonly uniform: Uniform },
): TradeOrder | null {
  if (pnls.length < 2 || samples < 1) return null;
  const order = Float64Array.from(pnls);
  const actual = pathOf(order, initial).drawdown;
  const depths = new Float64Array(samples);
  let [asDeep, ruined] = [0, 0];
  for (let sample = 0; sample < samples; sample++) {
    shuffle(order, uniform);
    const { drawdown, least } = pathOf(order, initial);
    depths[sample] = drawdown;
    // What rounding makes of the same trades in another order is no difference.
    if (drawdown >= actual * (1 - 1e-12)) asDeep++;
    if (least <= 0) ruined++;
  }
  depths.sort();
  return {
    actual,
    median: quantile(depths, 0.5),
    percentile95: quantile(depths, 0.95),
    percentile99: quantile(depths, 0.99),
    worst: depths[samples - 1]!,
    asDeep: asDeep / samples,
    ruined: ruined / samples,
    samples,
  };
}

function pathOf(pnls: Float64Array, initial: number): { drawdown: number; least: number } {
  let [equity, peak, least, drawdown] = [initial, initial, initial, 0];
  for (let n = 0; n < pnls.length; n++) {
    equity += pnls[n]!;
    if (equity > peak) peak = equity;
    if (equity < least) least = equity;
    if (peak - equity > drawdown) drawdown = peak - equity;
  }
  return { drawdown, least };
}

function shuffle(values: Float64Array, uniform: Uniform): void {
  for (let n = values.length - 1; n > 0; n--) {
    const other = Math.floor(uniform() * (n + 1));
    const value = values[n]!;
    values[n] = values[other]!;
    values[other] = value;
  }
}
