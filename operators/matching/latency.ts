import type { Random } from '../random.ts';

/** How long an order is on its way to the exchange, and its answer on the way back, µs. */
export interface LatencyModel {
  readonly name: string;
  /** What it assumes, in a sentence. */
  readonly says: string;
  /** @param random the run's own */
  readonly entryUs: (random: Random) => number;
  readonly responseUs: (random: Random) => number;
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
