import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';

/** Plain data: of the last smoothed bar. */
export interface HeikinAshiState {
  /** NaN before the first. */
  open: number;
  close: number;
}

/**
 * Heikin-Ashi bars, prices in their unit: the close is (O + H + L + C)/4, the open the middle of the smoothed bar before
 * ((O + C)/2 of the first), high and low reach to both. The volume is the bar's. No one traded at these prices.
 *
 * Speaks from the first bar on.
 * @see Valcu (2004), "Using the Heikin-Ashi Technique", Stocks & Commodities 22(2).
 */
export function heikinAshi(): Projection<Candle, HeikinAshiState, Candle> {
  return {
    initialState: () => ({ open: Number.NaN, close: Number.NaN }),
    evolve: (state, { open, high, low, close }) => {
      state.open = Number.isNaN(state.open) ? (open + close) / 2 : (state.open + state.close) / 2;
      state.close = (open + high + low + close) / 4;
      return state;
    },
    project: ({ open, close }, candle) => ({
      open,
      high: Math.max(candle.high, open, close),
      low: Math.min(candle.low, open, close),
      close,
      volume: candle.volume,
    }),
  };
}
