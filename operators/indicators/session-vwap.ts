import type { Projection } from '../fold.ts';
import type { TimedCandle } from './candle.ts';
import { checkPositive } from './period.ts';
import {
  addToTradedPrice,
  clearTradedPrice,
  createTradedPrice,
  meanTradedPrice,
  type TradedPrice,
} from './traded-price.ts';

/** Plain data. */
export interface SessionVwapState {
  /** Which since the Unix epoch; NaN before the first bar. */
  session: number;
  /** Whether its beginning was seen. */
  isWhole: boolean;
  readonly traded: TradedPrice;
}

/**
 * Volume-weighted average price since the session began, in the unit of the price: Σ t·V / ΣV with the typical price
 * t = (H + L + C)/3. A session begins at each multiple of `sessionMs` since the Unix epoch: 86 400 000 are days of UTC.
 *
 * Speaks from the first session on whose beginning it has seen, and is silent while the session has no volume. The same
 * wherever it began.
 * @throws RangeError for a `sessionMs` that is not above 0
 * @see Berkowitz, Logue & Noser (1988), "The Total Cost of Transactions on the NYSE", J. Finance 43(1).
 */
export function sessionVwap({
  sessionMs,
}: {
  readonly sessionMs: number;
}): Projection<TimedCandle, SessionVwapState, number> {
  checkPositive('sessionVwap', 'sessionMs', sessionMs);
  return {
    initialState: () => ({ session: Number.NaN, isWhole: false, traded: createTradedPrice() }),
    evolve: (state, candle) => {
      const session = Math.floor(candle.openTimeMs / sessionMs);
      if (session !== state.session) {
        clearTradedPrice(state.traded);
        state.isWhole = !Number.isNaN(state.session) || candle.openTimeMs % sessionMs === 0;
        state.session = session;
      }
      addToTradedPrice(state.traded, candle);
      return state;
    },
    project: ({ isWhole, traded }) => (isWhole ? meanTradedPrice(traded) : undefined),
  };
}
