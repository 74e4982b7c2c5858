import type { Normalisation } from './normalisation.ts';
import type { BoxSpace } from './space.ts';

/** What of the account an agent on candles observes, behind the features. */
export interface AccountView {
  /** Position in parts of the one that the target 1 means; negative: short. */
  position: number;
  /** Unrealised profit in parts of the wallet. */
  unrealised: number;
  /** Time since the position changed last, as a part of `SINCE_TRADE_BARS` candles; 1: that long, or never. */
  sinceTrade: number;
  /** Orders under way or open, in parts of the same position; negative: they sell. */
  openOrders: number;
}

/** From here on it counts as long since the last trade, candles. */
export const SINCE_TRADE_BARS = 100;

/** The observation as it is laid out: each feature, whether each of them is valid, and the account. */
export interface BarObservation {
  readonly names: readonly string[];
  readonly space: BoxSpace;
  /**
   * Writes one that lies in the space, whatever is given: what is no number is 0, and of a feature not valid.
   * @param values of features; NaN: not valid
   * @param at where in them the candle's begin
   */
  write(into: Float32Array, values: ArrayLike<number>, at: number, account: AccountView): void;
}

const ACCOUNT = ['position', 'unrealised', 'since_trade', 'open_orders'] as const;

/** The same for training and for live decisions: it knows the columns and their normalisation, and nothing else. */
export function createBarObservation(normalisation: Normalisation): BarObservation {
  const { columns, clip } = normalisation;
  const means = Float64Array.from(normalisation.means);
  // A product takes a quarter of the time of a quotient.
  const factors = Float64Array.from(normalisation.scales, (scale) => 1 / scale);
  const width = columns.length;
  const high = new Float32Array(2 * width + ACCOUNT.length).fill(1);
  high.fill(clip, 0, width);
  high.fill(clip, 2 * width);
  high[2 * width + 2] = 1;
  const low = high.map((bound, n) => (n < width || n >= 2 * width ? -bound : 0));
  low[2 * width + 2] = 0;
  return {
    names: [...columns, ...columns.map((name) => `${name}_valid`), ...ACCOUNT],
    space: { type: 'box', low, high },
    write(into, values, at, account) {
      for (let n = 0; n < width; n++) {
        const value = values[at + n]!;
        const isValid = !Number.isNaN(value);
        into[n] = isValid ? cut((value - means[n]!) * factors[n]!, clip) : 0;
        into[width + n] = isValid ? 1 : 0;
      }
      const behind = 2 * width;
      into[behind] = cut(account.position, clip);
      into[behind + 1] = cut(account.unrealised, clip);
      into[behind + 2] = account.sinceTrade;
      into[behind + 3] = cut(account.openOrders, clip);
    },
  };
}

/** Within ±clip; of what is no number 0. */
function cut(value: number, clip: number): number {
  if (value > clip) return clip;
  if (value < -clip) return -clip;
  return Number.isNaN(value) ? 0 : value;
}
