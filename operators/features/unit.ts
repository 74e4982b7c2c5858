import type { Scale } from '../../streams/events/scale.ts';

/** What a feature's value is counted in: inside, prices are ticks and quantities steps; outside they are numbers. */
export interface Unit {
  /** As people read it. */
  readonly label: string;
  /** Powers of tick and step size in a value; 0 and 0: the same inside and outside. */
  readonly ticks: number;
  readonly steps: number;
}

const unit = (label: string, ticks = 0, steps = 0): Unit => ({ label, ticks, steps });

/** Units of features, by name. */
export const UNITS = {
  price: unit('quote asset', 1),
  qty: unit('base asset', 0, 1),
  notional: unit('quote asset, price × quantity', 1, 1),
  priceSquared: unit('quote asset²', 2),
  priceSquaredPerQty: unit('quote asset² per base asset', 2, -1),
  pricePerQty: unit('quote asset per base asset', 1, -1),
  qtyPerPrice: unit('base asset per quote asset', -1, 1),
  perNotional: unit('log return per quote asset', -1, -1),
  qtyPerSecond: unit('base asset per second', 0, 1),
  /** Of what lies off the instrument's grid, such as mark prices: the same inside and outside. */
  plainPrice: unit('quote asset'),
  plainQty: unit('base asset'),
  ratio: unit('ratio'),
  percent: unit('percent'),
  bps: unit('basis points'),
  logReturn: unit('log return'),
  variance: unit('log return²'),
  count: unit('count'),
  perSecond: unit('per second'),
  seconds: unit('seconds'),
  deviations: unit('standard deviations'),
} as const satisfies Readonly<Record<string, Unit>>;

export type UnitName = keyof typeof UNITS;

/** A value in ticks and steps as the number that is stored and shown. */
export function inUnit(value: number, name: UnitName, { price, qty, toNotional }: Scale): number {
  const { ticks, steps } = UNITS[name];
  if (ticks === 0 && steps === 0) return value;
  // Where it is a price, a quantity or their product, the double nearest to its decimal.
  if (steps === 0 && ticks === 1) return price.toNumber(value);
  if (ticks === 0 && steps === 1) return qty.toNumber(value);
  if (ticks === 1 && steps === 1) return toNotional(value);
  return value * price.toNumber(1) ** ticks * qty.toNumber(1) ** steps;
}
