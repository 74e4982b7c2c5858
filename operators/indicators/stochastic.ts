import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { createPriceChannel, isChannelFull, type PriceChannel, pushPriceChannel } from './price-channel.ts';
import { type SmaState, sma } from './sma.ts';

/** From 0 (the close is the lowest price of the window) to 100 (the highest). */
export interface Stochastic {
  readonly k: number;
  /** Mean of the last values of k. */
  readonly d: number;
}

/** Plain data. */
export interface StochasticState {
  readonly channel: PriceChannel;
  readonly k: SmaState;
  readonly d: SmaState;
}

/**
 * Stochastic oscillator: 100·(C − L)/(H − L) over the last `period` bars, k its mean of `slowing`, d the mean of k of
 * `signal`. The fast one has a `slowing` of 1. 0 where the window has one price only.
 *
 * Speaks from bar period + slowing + signal − 2 on.
 * @throws RangeError for an impossible period
 * @see Lane (1984), "Lane's Stochastics", Stocks & Commodities 2(3).
 */
export function stochastic(options: {
  readonly period: number;
  readonly slowing: number;
  readonly signal: number;
}): Projection<Candle, StochasticState, Stochastic> {
  const { period } = options;
  for (const [name, value] of Object.entries(options)) checkPeriod('stochastic', name, value);
  const k = sma({ period: options.slowing });
  const d = sma({ period: options.signal });
  return {
    initialState: () => ({
      channel: createPriceChannel(period),
      k: k.initialState(),
      d: d.initialState(),
    }),
    evolve: (state, candle) => {
      const { channel } = state;
      pushPriceChannel(channel, candle);
      if (!isChannelFull(channel)) return state;
      const range = channel.highest - channel.lowest;
      k.evolve(state.k, range === 0 ? 0 : (100 * (candle.close - channel.lowest)) / range);
      const smooth = k.project(state.k, 0);
      if (smooth !== undefined) d.evolve(state.d, smooth);
      return state;
    },
    project: (state) => {
      const signal = d.project(state.d, 0);
      return signal === undefined ? undefined : { k: k.project(state.k, 0)!, d: signal };
    },
  };
}
