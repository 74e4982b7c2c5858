import { hash32, valueNoise } from '../../../operators/random.ts';
import { VENUE_EPOCH_MS } from './clock.ts';
import type { MarketProfile } from './profiles.ts';

const SHORTEST_PERIOD_MS = 500;
/** 500 ms × 2^21 ≈ 12 days: slower swings are left out, so that the price keeps near its reference for ever. */
const OCTAVES = 22;
/** Octaves up to 500 ms × 2^5 = 16 s grow and shrink with the volatility; in slower ones that would itself be a move. */
const CLUSTERED_OCTAVES = 6;
const YEAR_MS = 365 * 86_400_000;
const FUNDING_PERIOD_MS = 8 * 3_600_000;

/** What a symbol is worth; depends on the seed and the time alone, so that it goes on where it was after a restart. */
export interface FairValue {
  /** Price of the underlying (the index), quote units. */
  readonly index: (timeMs: number) => number;
  /** Relative premium of the perpetual over the index. */
  readonly premium: (timeMs: number) => number;
  /** Volatility against a calm hour, about 0.4 to 3. */
  readonly agitation: (timeMs: number) => number;
  /** Funding rate as it stands at `timeMs`, settled at the end of its 8 hours: mean premium, with Binance's clamp. */
  readonly fundingRate: (timeMs: number) => number;
}

/**
 * Fractal noise in the log price: each octave has twice the period and √2 times the amplitude of the one before,
 * which over times within the octaves moves as a Brownian path does.
 * `pace` runs the same path that much faster.
 */
export function fairValue(profile: MarketProfile, seed: number, pace: number): FairValue {
  const octaveSeeds = Array.from({ length: OCTAVES }, (_, octave) => hash32(seed, profile.symbol, octave));
  const slowSeed = hash32(seed, profile.symbol, 'agitation', 0);
  const fastSeed = hash32(seed, profile.symbol, 'agitation', 1);
  const premiumSeed = hash32(seed, profile.symbol, 'premium');
  const shortestAmplitude = 0.9 * profile.annualVolatility * Math.sqrt(SHORTEST_PERIOD_MS / YEAR_MS);

  const agitation = (timeMs: number): number => {
    const marketMs = (timeMs - VENUE_EPOCH_MS) * pace;
    return Math.exp(0.5 * valueNoise(slowSeed, marketMs / 1_500_000) + 0.6 * valueNoise(fastSeed, marketMs / 45_000));
  };
  const premium = (timeMs: number): number => {
    const marketMs = (timeMs - VENUE_EPOCH_MS) * pace;
    return (
      0.0002 * valueNoise(premiumSeed, marketMs / 7_200_000) + 0.00008 * valueNoise(premiumSeed + 1, marketMs / 90_000)
    );
  };
  return {
    agitation,
    premium,
    index: (timeMs) => {
      const marketMs = (timeMs - VENUE_EPOCH_MS) * pace;
      const level = agitation(timeMs);
      let logPrice = 0;
      let amplitude = shortestAmplitude;
      let periodMs = SHORTEST_PERIOD_MS;
      for (let octave = 0; octave < OCTAVES; octave++) {
        const scale = octave < CLUSTERED_OCTAVES ? amplitude * level : amplitude;
        logPrice += scale * valueNoise(octaveSeeds[octave] as number, marketMs / periodMs);
        amplitude *= Math.SQRT2;
        periodMs *= 2;
      }
      return profile.referencePrice * Math.exp(logPrice);
    },
    fundingRate: (timeMs) => {
      const startMs = Math.floor((timeMs - 1) / FUNDING_PERIOD_MS) * FUNDING_PERIOD_MS;
      let sum = 0;
      for (let i = 1; i <= 16; i++) sum += premium(startMs + ((timeMs - startMs) * i) / 16);
      const average = sum / 16;
      return average + Math.min(0.0005, Math.max(-0.0005, 0.0001 - average));
    },
  };
}

/** The next funding settlement after `timeMs`: 00:00, 08:00 or 16:00 UTC. */
export function nextFundingTimeMs(timeMs: number): number {
  return (Math.floor(timeMs / FUNDING_PERIOD_MS) + 1) * FUNDING_PERIOD_MS;
}
