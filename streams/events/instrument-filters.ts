import type { Scale } from './scale.ts';

/**
 * What an instrument asks of orders, beside its grid, as far as it says so; null: nothing. Prices in ticks, quantities in
 * steps. Plain data.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/common-definition (Filters)
 */
export interface InstrumentFilters {
  readonly minPriceTicks: number | null;
  readonly maxPriceTicks: number | null;
  /** Of limit orders. */
  readonly minQtySteps: number | null;
  readonly maxQtySteps: number | null;
  /** Of market orders. */
  readonly marketMinQtySteps: number | null;
  readonly marketMaxQtySteps: number | null;
  /** Least price × quantity, in ticks × steps. */
  readonly minNotionalTickSteps: number | null;
  /** How many times the mark price a buy order's may be at most, and a sell order's at least. */
  readonly multiplierUp: number | null;
  readonly multiplierDown: number | null;
  /** Orders that may rest at once. */
  readonly maxOrders: number | null;
  /** How far the last price may be off the mark price where a price-protected order is triggered, a part of it. */
  readonly triggerProtect: number | null;
  /** How far off the mark price a market order may trade, a part of it. */
  readonly marketTakeBound: number | null;
}

/**
 * Of an element of `symbols` in `exchangeInfo`; undefined where it tells nothing but the grid, as an import does.
 * @param filters of it, by their type
 */
export function readInstrumentFilters(
  symbol: Readonly<Record<string, unknown>>,
  filters: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  scale: Scale,
): InstrumentFilters | undefined {
  const numberOf = (filterType: string, field: string): number | null => positive(filters.get(filterType)?.[field]);
  // Rounded, as 0.1 and 0.001 are no doubles: both are whole numbers of the grid's.
  const ticksOf = (price: number | null): number | null => whole(price, scale.price.toNumber(1));
  const stepsOf = (qty: number | null): number | null => whole(qty, scale.qty.toNumber(1));
  const minNotional = numberOf('MIN_NOTIONAL', 'notional');
  const found: InstrumentFilters = {
    minPriceTicks: ticksOf(numberOf('PRICE_FILTER', 'minPrice')),
    maxPriceTicks: ticksOf(numberOf('PRICE_FILTER', 'maxPrice')),
    minQtySteps: stepsOf(numberOf('LOT_SIZE', 'minQty')),
    maxQtySteps: stepsOf(numberOf('LOT_SIZE', 'maxQty')),
    marketMinQtySteps: stepsOf(numberOf('MARKET_LOT_SIZE', 'minQty')),
    marketMaxQtySteps: stepsOf(numberOf('MARKET_LOT_SIZE', 'maxQty')),
    minNotionalTickSteps: whole(minNotional, scale.price.toNumber(1) * scale.qty.toNumber(1)),
    multiplierUp: numberOf('PERCENT_PRICE', 'multiplierUp'),
    multiplierDown: numberOf('PERCENT_PRICE', 'multiplierDown'),
    maxOrders: numberOf('MAX_NUM_ORDERS', 'limit'),
    triggerProtect: positive(symbol['triggerProtect']),
    marketTakeBound: positive(symbol['marketTakeBound']),
  };
  return Object.values(found).some((value) => value !== null) ? found : undefined;
}

/** A limit that is 0 or no number is none. */
function positive(value: unknown): number | null {
  const found = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return found > 0 && Number.isFinite(found) ? found : null;
}

function whole(value: number | null, unit: number): number | null {
  return value === null ? null : Math.round(value / unit);
}
