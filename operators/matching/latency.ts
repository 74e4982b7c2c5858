import type { Random } from '../random.ts';

/** How long an order is on its way to the exchange, and its answer on the way back, µs. */
export interface LatencyModel {
  readonly name: string;
  /** What it assumes, in a sentence. */
  readonly says: string;
  /** Whether it looks at how long the market's own data took; not where it is not said. */
  readonly isOfFeed?: boolean;
  /**
   * @param random the run's own
   * @param feedUs how long the event that was heard last took from the exchange, µs; NaN where `isOfFeed` is not said
   */
  readonly entryUs: (random: Random, feedUs: number) => number;
  readonly responseUs: (random: Random, feedUs: number) => number;
}

/** The same each time. */
export function constantLatency(entryMs: number, responseMs: number): LatencyModel {
  return {
    name: `constant ${entryMs} ms, ${responseMs} ms back`,
    says: 'every order takes the same time: bursts, when everybody is slow, are not in it',
    entryUs: () => entryMs * 1_000,
    responseUs: () => responseMs * 1_000,
  };
}

/**
 * Log-normal about a median, as round trips to exchanges roughly are: most are near it, a few take many times as long.
 * @param sigma standard deviation of the logarithm; 0.5: one in 40 takes 2.7 times the median
 */
export function logNormalLatency(entryMs: number, responseMs: number, sigma: number): LatencyModel {
  const draw = (medianMs: number, random: Random): number =>
    Math.round(medianMs * 1_000 * Math.exp(sigma * random.normal()));
  return {
    name: `log-normal ${entryMs} ms, ${responseMs} ms back, σ ${sigma}`,
    says: 'independent from order to order: in truth slow times come together, when the market moves',
    entryUs: (random) => draw(entryMs, random),
    responseUs: (random) => draw(responseMs, random),
  };
}

/**
 * As long as the market's data took at that instant, times a factor: slow times come together, as they were recorded. Nothing
 * arrives before it was sent: where an event was received before it happened, as clocks differ, it is 0.
 * @param entryFactor of an order on its way to the exchange; hftbacktest's examples take 4
 * @param responseFactor of its answer; theirs take 3
 * @see https://hftbacktest.readthedocs.io/en/latest/latency_models.html (order latency from feed latency)
 */
export function recordedLatency(entryFactor: number, responseFactor: number): LatencyModel {
  return {
    name: `recorded, ${entryFactor} times the feed’s, ${responseFactor} times back`,
    says: 'orders are as slow as the market’s data were at that instant, which the venue gathers before it sends them',
    isOfFeed: true,
    entryUs: (_, feedUs) => Math.max(0, Math.round(feedUs * entryFactor)),
    responseUs: (_, feedUs) => Math.max(0, Math.round(feedUs * responseFactor)),
  };
}
