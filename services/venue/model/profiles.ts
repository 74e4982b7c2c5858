import type { Instrument } from '../instrument.ts';

/** An instrument of the model with the size and temper of its market. */
export interface MarketProfile extends Instrument {
  /** The price that the fair value swings around, quote units. */
  readonly referencePrice: number;
  /** Standard deviation of the log price over a year, in a calm hour. */
  readonly annualVolatility: number;
  /** Orders placed, cancelled and taken a second. */
  readonly actionsPerSecond: number;
  /** Resting orders a side that the flow keeps up. */
  readonly ordersPerSide: number;
  /** Median quantity of a resting order, base units. */
  readonly medianOrderQty: number;
  /** Median quantity of a market order, base units. */
  readonly medianMarketQty: number;
  /** Distance from the best price, in ticks, within which about half of the orders are placed. */
  readonly placementScaleTicks: number;
  /** Typical open interest, base units. */
  readonly openInterest: number;
}

/** Filters as Binance publishes them, November 2026; tempers after the captures of August 2024. */
export const MARKET_PROFILES: readonly MarketProfile[] = [
  {
    symbol: 'BTCUSDT',
    baseAsset: 'BTC',
    pricePrecision: 2,
    quantityPrecision: 3,
    tickUnits: 10,
    stepUnits: 1,
    minNotional: '50',
    maxQty: '1000',
    marketMaxQty: '120',
    maxPrice: '4529764',
    referencePrice: 84550,
    annualVolatility: 0.4,
    actionsPerSecond: 480,
    ordersPerSide: 3800,
    medianOrderQty: 0.06,
    medianMarketQty: 0.015,
    placementScaleTicks: 140,
    openInterest: 91000,
  },
  {
    symbol: 'ETHUSDT',
    baseAsset: 'ETH',
    pricePrecision: 2,
    quantityPrecision: 3,
    tickUnits: 1,
    stepUnits: 1,
    minNotional: '20',
    maxQty: '10000',
    marketMaxQty: '2000',
    maxPrice: '306177',
    referencePrice: 2690,
    annualVolatility: 0.5,
    actionsPerSecond: 300,
    ordersPerSide: 3600,
    medianOrderQty: 1.5,
    medianMarketQty: 0.3,
    placementScaleTicks: 60,
    openInterest: 2100000,
  },
  {
    symbol: 'SOLUSDT',
    baseAsset: 'SOL',
    pricePrecision: 4,
    quantityPrecision: 2,
    tickUnits: 100,
    stepUnits: 1,
    minNotional: '5',
    maxQty: '100000',
    marketMaxQty: '8000',
    maxPrice: '6857',
    referencePrice: 168,
    annualVolatility: 0.6,
    actionsPerSecond: 180,
    ordersPerSide: 2400,
    medianOrderQty: 25,
    medianMarketQty: 6,
    placementScaleTicks: 130,
    openInterest: 9800000,
  },
];

/** @throws RangeError naming the symbols that the model has, when `symbol` is not one of them. */
export function marketProfile(symbol: string): MarketProfile {
  const profile = MARKET_PROFILES.find((candidate) => candidate.symbol === symbol);
  if (profile !== undefined) return profile;
  const known = MARKET_PROFILES.map((candidate) => candidate.symbol).join(', ');
  throw new RangeError(`symbols: the order-flow model has ${known}; found ${symbol}`);
}
