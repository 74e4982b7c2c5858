import type { Scale } from '../../streams/events/scale.ts';
import type { FundingColumns } from '../../streams/tape/bar-tape.ts';
import type { SimulationListener } from './simulation-listener.ts';

/** Tells an account of candles' prices as if they were mark prices, and of the funding that is settled next. */
export interface BarMarkPrices {
  /** When funding is settled next, µs since the epoch; Infinity: nothing more is recorded. */
  readonly nextFundingUs: number;
  /** A price at the exchange. What has come due is settled by it. */
  say(timeUs: number, ticks: number): void;
}

/** @param funding of which what is due at the first price is passed over */
export function createBarMarkPrices(
  { timesMs, rates }: FundingColumns,
  scale: Scale,
  listener: SimulationListener,
): BarMarkPrices {
  let next = 0;
  const prices = {
    nextFundingUs: Number.NEGATIVE_INFINITY,
    say(timeUs: number, ticks: number): void {
      while (prices.nextFundingUs <= timeUs) {
        prices.nextFundingUs = next < timesMs.length ? timesMs[next]! * 1_000 : Number.POSITIVE_INFINITY;
        next++;
      }
      const price = scale.price.toNumber(ticks);
      const isNext = prices.nextFundingUs < Number.POSITIVE_INFINITY;
      listener.onExchangeEvent?.(
        {
          type: 'markPrice',
          eventTimeMs: timeUs / 1_000,
          markPrice: price,
          indexPrice: price,
          settlePrice: null,
          fundingRate: isNext ? rates[next - 1]! : null,
          nextFundingTimeMs: isNext ? prices.nextFundingUs / 1_000 : null,
        },
        timeUs,
        ticks,
      );
    },
  };
  return prices;
}
