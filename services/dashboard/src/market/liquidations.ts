import { fieldsOf } from '../api/fields.ts';

/** A liquidation order. */
export interface Liquidation {
  readonly timeMs: number;
  /** Side of the liquidation order: `sell` closes a long. */
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly qty: string;
}

/** @throws TypeError naming the field that is not as expected */
export function readLiquidation(value: unknown): Liquidation {
  const fields = fieldsOf('liquidation', value);
  const side = fields.text('side').toLowerCase();
  if (side !== 'buy' && side !== 'sell')
    throw new TypeError(`liquidation/side: expected buy or sell, was ${JSON.stringify(side)}`);
  // An order that was filled tells its average price; before that only the price that it bids is known.
  const average = fields.decimalOrNull('average_price');
  const price = average !== null && Number(average) > 0 ? average : fields.decimal('price');
  return { timeMs: fields.timeMs('ts'), side, price, qty: fields.decimal('qty') };
}

const LIQUIDATIONS_MAX = 100;

/** Newest first; one that is there already is not put in twice. */
export function withLiquidations(list: readonly Liquidation[], more: readonly Liquidation[]): readonly Liquidation[] {
  const byContent = new Map([...list, ...more].map((item) => [JSON.stringify(item), item]));
  return [...byContent.values()].sort((a, b) => b.timeMs - a.timeMs).slice(0, LIQUIDATIONS_MAX);
}
