import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { createPriceChannel, isChannelFull, type PriceChannel, pushPriceChannel } from './price-channel.ts';

/** In the unit of the price, as known at this bar. */
export interface Ichimoku {
  /** Tenkan-sen. */
  readonly conversion: number;
  /** Kijun-sen. */
  readonly base: number;
  /** Senkou span A, which a chart draws `base` bars later. */
  readonly spanA: number;
  /** Senkou span B, which a chart draws `base` bars later. */
  readonly spanB: number;
}

/** Plain data. */
export interface IchimokuState {
  readonly conversion: PriceChannel;
  readonly base: PriceChannel;
  readonly spanB: PriceChannel;
}

/**
 * Ichimoku kinko hyo: the middle between highest high and lowest low over each of three windows of bars, and as span A the
 * mean of the first two.
 *
 * Nothing is moved in time: the spans that a chart shows under this bar, the cloud, are those from `base` bars ago. The
 * lagging span (chikou) is left out: it is this close, drawn `base` bars back, and to read it there is to look ahead.
 * Speaks from the bar of the longest window on. The same wherever it began.
 * @throws RangeError for an impossible period
 * @see Hosoda (1969), "Ichimoku Kinko Hyo". Patel (2010), "Trading with Ichimoku Clouds", Wiley.
 */
export function ichimoku(options: {
  readonly conversion: number;
  readonly base: number;
  readonly spanB: number;
}): Projection<Candle, IchimokuState, Ichimoku> {
  for (const [name, period] of Object.entries(options)) checkPeriod('ichimoku', name, period);
  return {
    initialState: () => ({
      conversion: createPriceChannel(options.conversion),
      base: createPriceChannel(options.base),
      spanB: createPriceChannel(options.spanB),
    }),
    evolve: (state, candle) => {
      pushPriceChannel(state.conversion, candle);
      pushPriceChannel(state.base, candle);
      pushPriceChannel(state.spanB, candle);
      return state;
    },
    project: (state) => {
      if (!(isChannelFull(state.conversion) && isChannelFull(state.base) && isChannelFull(state.spanB)))
        return undefined;
      const conversion = middle(state.conversion);
      const base = middle(state.base);
      return { conversion, base, spanA: (conversion + base) / 2, spanB: middle(state.spanB) };
    },
  };
}

function middle({ lowest, highest }: PriceChannel): number {
  return (lowest + highest) / 2;
}
