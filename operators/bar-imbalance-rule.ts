import type { ClosingRule } from './bar-activity.ts';
import { amountOf } from './bar-amount-rule.ts';
import type { ImbalanceClock } from './bar-clock.ts';

/** Plain data. */
export interface ImbalanceState {
  /** θ: of the open bar, what takers bought less what they sold. */
  theta: number;
  /** T: trades of the open bar. */
  trades: number;
  /** E₀[T] */
  expectedTrades: number;
  /** Weighted mean of b over all trades so far, which is E₀[b] where a bar begins, and the sum of the weights. */
  signedMean: number;
  signedWeight: number;
  /** Of |θ|, at which the open bar closes; null: it is the first, which closes by its trades. */
  limit: number | null;
}

/** How far a bar's length may be from `expectedTrades`, down and up, as a factor. */
const DRIFT_MAX = 10;

/**
 * Imbalance bars: a bar closes with the trade at which |θ_T| ≥ E₀[T]·|E₀[b]|.
 *
 * θ_T = Σ b_t over the bar's trades, where b_t is +1 where the taker bought and −1 where the taker sold (for `volume` and
 * `dollar` times the trade's quantity or notional). The venue says which, so there is no tick rule. E₀ is what the bars
 * before it made one expect: E₀[T] the exponentially weighted mean of their lengths over `span` bars, begun with
 * `expectedTrades`; E₀[b] that of b_t over `span` × `expectedTrades` trades. An average over n weighs by 2/(n + 1). An
 * aggTrade of k trades is k equal ones. The first bar has nothing before it, and closes with its `expectedTrades`-th trade.
 *
 * Left alone this runs away: long bars make later ones longer; short ones make them shorter, and where buying and selling
 * balance, E₀[b] and with it the limit fall to nothing, so that each trade would be a bar whatever E₀[T] is. So a bar has at
 * least a tenth of `expectedTrades` and closes with ten times as many, and E₀[T] stays within the same bounds.
 *
 * @see López de Prado (2018), "Advances in Financial Machine Learning", section 2.3.2.1 and 2.3.2.2.
 */
export function imbalanceRule({ of, expectedTrades, span }: ImbalanceClock): ClosingRule<ImbalanceState> {
  const lengthWeight = 2 / (span + 1);
  const signedKept = 1 - 2 / (span * expectedTrades + 1);
  const [least, most] = [expectedTrades / DRIFT_MAX, expectedTrades * DRIFT_MAX];

  function isFullAt({ limit, theta, trades }: ImbalanceState): boolean {
    if (limit === null) return trades >= expectedTrades;
    return trades >= most || (trades >= least && Math.abs(theta) >= limit);
  }

  function beginNext(state: ImbalanceState): void {
    const length = state.expectedTrades + lengthWeight * (state.trades - state.expectedTrades);
    state.expectedTrades = Math.min(most, Math.max(least, length));
    state.limit = state.expectedTrades * Math.abs(state.signedMean);
    state.theta = 0;
    state.trades = 0;
  }

  return {
    needsScale: false,
    initialState: () => ({ theta: 0, trades: 0, expectedTrades, signedMean: 0, signedWeight: 0, limit: null }),
    addTrade: (state, trade) => {
      const trades = amountOf('tick', trade);
      const amount = amountOf(of, trade);
      const signed = trade.aggressorSide === 'buy' ? amount : -amount;
      state.theta += signed;
      state.trades += trades;
      const kept = power(signedKept, trades);
      state.signedWeight = kept * state.signedWeight + (1 - kept);
      state.signedMean += ((1 - kept) / state.signedWeight) * (signed / trades - state.signedMean);
      const isFull = isFullAt(state);
      if (isFull) beginNext(state);
      return isFull;
    },
  };
}

/** By multiplications alone, which every machine rounds alike; `Math.pow` may differ between engines. */
function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
