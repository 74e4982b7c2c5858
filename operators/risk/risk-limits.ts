/** What stops an order before it is sent. */
export type RiskLimitName =
  | 'halted'
  | 'warm-up'
  | 'order-rate'
  | 'invalid-book'
  | 'stale-book'
  | 'invalid-features'
  | 'price-band'
  | 'order-notional'
  | 'position'
  | 'notional'
  | 'daily-loss';

/**
 * What orders of one account in one instrument may do. Infinity: no limit. An order that is reduce-only can only make the
 * risk smaller: of these limits only the rate holds for it.
 */
export interface RiskLimits {
  /** Base asset: position with every open order of its side filled, long or short. */
  readonly maxPosition: number;
  /** Quote asset: the same, at the midprice. */
  readonly maxNotional: number;
  /** Quote asset: one order, at its price; a market order at the midprice. */
  readonly maxOrderNotional: number;
  /** Quote asset: what the account's equity may fall by since 00:00 UTC; then nothing but reducing until the next day. */
  readonly maxDailyLoss: number;
  /** Orders in any ten seconds; the exchange itself takes 300. */
  readonly maxOrdersPer10s: number;
  /** How much worse than the midprice a limit price may be, as a part of it: 0.01 is one percent. */
  readonly priceBand: number;
  /** How old the last news of the book may be, ms. */
  readonly maxBookAgeMs: number;
}

/** What holds where nothing is said: what the exchange refuses anyway, fat fingers, and a book that stands still. */
export const DEFAULT_RISK_LIMITS: RiskLimits = {
  maxPosition: Number.POSITIVE_INFINITY,
  maxNotional: Number.POSITIVE_INFINITY,
  maxOrderNotional: Number.POSITIVE_INFINITY,
  maxDailyLoss: Number.POSITIVE_INFINITY,
  maxOrdersPer10s: 300,
  priceBand: 0.05,
  maxBookAgeMs: 5_000,
};

/** What each limit is, for those who are asked to set it. */
export const RISK_LIMIT_SAYS: Readonly<Record<keyof RiskLimits, string>> = {
  maxPosition: 'base asset: position with every open order of its side filled',
  maxNotional: 'quote asset: the same at the midprice',
  maxOrderNotional: 'quote asset: one order',
  maxDailyLoss: 'quote asset: loss since 00:00 UTC, after which only reduce-only orders are sent',
  maxOrdersPer10s: 'orders in any ten seconds',
  priceBand: 'how much worse than the midprice a limit price may be, 0.01 is one percent',
  maxBookAgeMs: 'age of the last news of the book, ms',
};

/** Bounds by the name of their limit; `off`: none. */
export type SaidLimits = Partial<Record<keyof RiskLimits, number | 'off'>>;

/**
 * The limits that were said, and the usual ones beside them.
 * @throws RangeError that names the limit, what it may be and what was found
 */
export function riskLimits(said: SaidLimits): RiskLimits {
  const limits: Record<keyof RiskLimits, number> = { ...DEFAULT_RISK_LIMITS };
  for (const [name, bound] of Object.entries(said) as [keyof RiskLimits, number | 'off'][]) {
    const value = bound === 'off' ? Number.POSITIVE_INFINITY : bound;
    if (!Object.hasOwn(DEFAULT_RISK_LIMITS, name))
      throw new RangeError(`risk/${name}: expected one of ${Object.keys(DEFAULT_RISK_LIMITS).join(', ')}`);
    if (!(value >= 0)) throw new RangeError(`risk/${name}: expected a number from 0, found ${value}`);
    if (name === 'maxOrdersPer10s' && !Number.isInteger(value) && value !== Number.POSITIVE_INFINITY)
      throw new RangeError(`risk/${name}: expected a whole number, found ${value}`);
    limits[name] = value;
  }
  return limits;
}

/** Those that have a bound. */
export function saidLimits(limits: RiskLimits): Record<string, number> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => Number.isFinite(value)));
}
