/** What the exchange publishes of a perpetual, and what its texts are made with. */
export interface Instrument {
  readonly symbol: string;
  readonly baseAsset: string;
  /** Decimals of every price text: `pricePrecision` of exchangeInfo, finer than the tick on some symbols. */
  readonly pricePrecision: number;
  /** Decimals of every quantity text: `quantityPrecision`. */
  readonly quantityPrecision: number;
  /** Price tick in units of 10^-pricePrecision. */
  readonly tickUnits: number;
  /** Quantity step in units of 10^-quantityPrecision. */
  readonly stepUnits: number;
  readonly minNotional: string;
  readonly maxQty: string;
  readonly marketMaxQty: string;
  readonly maxPrice: string;
}

/** `units` × 10^-precision as an exact decimal text with all its trailing zeros. */
export function decimalText(units: number, precision: number): string {
  if (precision === 0) return String(units);
  if (units < 0) return `-${decimalText(-units, precision)}`;
  const digits = String(units).padStart(precision + 1, '0');
  const point = digits.length - precision;
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

export function priceText(instrument: Instrument, ticks: number): string {
  return decimalText(ticks * instrument.tickUnits, instrument.pricePrecision);
}

export function quantityText(instrument: Instrument, steps: number): string {
  return decimalText(steps * instrument.stepUnits, instrument.quantityPrecision);
}
