import { type FairValue, nextFundingTimeMs } from './fair-value.ts';

/** Prices in quote units with 8 decimals in the texts, the rate a fraction for 8 hours. */
export interface MarkPrice {
  readonly timeMs: number;
  readonly markPrice: number;
  /** Index plus the moving average of the basis: `ap` of the frames since March 2026. */
  readonly averagePrice: number;
  readonly indexPrice: number;
  /** Estimate of the settlement price; a slow average of the index. */
  readonly settlePrice: number;
  readonly fundingRate: number;
  readonly nextFundingTimeMs: number;
}

export interface MarkPriceClock {
  /** @param midPrice middle of the contract's book, @param lastPrice of its last trade; quote units. */
  readonly update: (timeMs: number, midPrice: number, lastPrice: number) => MarkPrice;
  readonly latest: () => MarkPrice | undefined;
}

/** Weight of one second in the moving average of the basis, whose window is 30 s at Binance. */
const BASIS_WEIGHT = 1 / 30;
const SETTLE_WEIGHT = 1 / 600;

/**
 * Mark price as Binance defines it: the median of (1) index × (1 + funding rate × share of the 8 hours left),
 * (2) index + moving average of (mid − index), (3) the contract's last price.
 *
 * @see Binance FAQ, "Mark Price and Price Index".
 */
export function markPriceClock(fair: FairValue): MarkPriceClock {
  let averageBasis: number | undefined;
  let settlePrice: number | undefined;
  let latest: MarkPrice | undefined;
  return {
    latest: () => latest,
    update: (timeMs, midPrice, lastPrice) => {
      const indexPrice = fair.index(timeMs);
      const fundingRate = fair.fundingRate(timeMs);
      const nextMs = nextFundingTimeMs(timeMs);
      const basis = midPrice - indexPrice;
      averageBasis = averageBasis === undefined ? basis : averageBasis + BASIS_WEIGHT * (basis - averageBasis);
      settlePrice = settlePrice === undefined ? indexPrice : settlePrice + SETTLE_WEIGHT * (indexPrice - settlePrice);
      const fundingPrice = indexPrice * (1 + (fundingRate * (nextMs - timeMs)) / (8 * 3_600_000));
      const averagePrice = indexPrice + averageBasis;
      const markPrice = median(fundingPrice, averagePrice, lastPrice);
      latest = { timeMs, markPrice, averagePrice, indexPrice, settlePrice, fundingRate, nextFundingTimeMs: nextMs };
      return latest;
    },
  };
}

function median(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
