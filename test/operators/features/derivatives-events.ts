import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import type { Liquidation } from '../../../streams/events/liquidation.ts';
import type { MarkPrice } from '../../../streams/events/mark-price.ts';
import type { OpenInterest } from '../../../streams/events/open-interest.ts';
import { BOOK_BREAK, gap, instrument, quote, seededRandom } from '../market-events.ts';
import { sample } from './feature-runs.ts';

export const HOUR_MS = 3_600_000;

/** Mark and index price 100, settled at 8 h. */
export function markPrice(eventTimeMs: number, others: Partial<MarkPrice> = {}): MarkPrice {
  return {
    type: 'markPrice',
    eventTimeMs,
    markPrice: 100,
    indexPrice: 100,
    settlePrice: null,
    fundingRate: 0.0001,
    nextFundingTimeMs: 8 * HOUR_MS,
    ...others,
  };
}

export function openInterest(transactionTimeMs: number, held: number): OpenInterest {
  return { type: 'openInterest', transactionTimeMs, openInterest: held };
}

/** `sell` closes a long. */
export function liquidation(transactionTimeMs: number, side: 'buy' | 'sell', filledQty: number): Liquidation {
  return {
    type: 'liquidation',
    transactionTimeMs,
    side,
    price: 99.5,
    averagePrice: 99.7,
    qty: filledQty + 1,
    filledQty,
    status: 'FILLED',
  };
}

/** All that derivatives features look at, settled every 4 h and later every 8 h, with gaps and breaks, in log order. */
export function randomDerivatives(seed: number, count: number): FeatureInput[] {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const channels = ['markPrice', 'openInterest', 'forceOrder', 'aggTrade', 'depth'];
  const inputs: FeatureInput[] = [instrument()];
  let atMs = 100 * HOUR_MS;
  let latestMs = atMs;
  const next = (): FeatureInput => {
    const kind = random();
    if (kind < 0.35) {
      const every = inputs.length < count / 2 ? 4 : 8;
      const indexPrice = random() < 0.02 ? 0 : 500 + random() * 10;
      const hasFunding = random() < 0.98;
      const settlement = Math.floor(atMs / (every * HOUR_MS) + 1) * every * HOUR_MS;
      return markPrice(atMs, {
        markPrice: 500 + random() * 10,
        indexPrice,
        fundingRate: hasFunding ? (random() - 0.4) / 1_000 : null,
        nextFundingTimeMs: hasFunding ? settlement : null,
      });
    }
    if (kind < 0.5) return openInterest(atMs, random() < 0.03 ? 0 : 1_000 + below(500) / 1_000);
    if (kind < 0.65) return liquidation(atMs, random() < 0.6 ? 'sell' : 'buy', below(5_000) / 1_000);
    if (kind < 0.8) return quote(atMs, [5_000 + below(20), 1], [5_020 + below(20), 1]);
    if (kind < 0.82) return random() < 0.3 ? BOOK_BREAK : gap(channels[below(channels.length)]!);
    return sample(latestMs);
  };
  while (inputs.length < count) {
    if (random() < 0.8) atMs += random() < 0.1 ? below(2 * HOUR_MS) : below(60_000) - 500;
    latestMs = Math.max(latestMs, atMs);
    inputs.push(next());
  }
  return inputs;
}
