import { decimalsOf } from '../format/decimal.ts';
import type { Level } from './book.ts';

/** A row of the ladder as shown. */
export interface LadderRow {
  readonly price: number;
  readonly qty: number;
  /** Quantity from the best price down to this row. */
  readonly cumulativeQty: number;
}

export type Side = 'bid' | 'ask';

/**
 * The first `rows` price steps of a side, each of `ticks` ticks: bids are put together downwards, asks upwards, so that
 * a row never promises a price that is not there.
 */
export function ladderSide(
  levels: readonly Level[],
  options: { readonly side: Side; readonly tickSize: string; readonly ticks: number; readonly rows: number },
): LadderRow[] {
  const { side, tickSize, ticks, rows } = options;
  const tick = Number(tickSize);
  const decimals = decimalsOf(tickSize);
  const found: LadderRow[] = [];
  let step = Number.NaN;
  let qty = 0;
  let cumulativeQty = 0;
  const close = (): void => {
    if (!Number.isNaN(step)) found.push({ price: priceOf(step), qty, cumulativeQty });
  };
  // Whole ticks, so that sums of steps stay exact.
  const priceOf = (atStep: number): number => Number((atStep * ticks * tick).toFixed(decimals));

  for (const level of levels) {
    const priceTicks = Math.round(Number(level.price) / tick);
    const levelStep = side === 'bid' ? Math.floor(priceTicks / ticks) : Math.ceil(priceTicks / ticks);
    if (levelStep !== step) {
      close();
      if (found.length === rows) return found;
      step = levelStep;
      qty = 0;
    }
    qty += Number(level.qty);
    cumulativeQty += Number(level.qty);
  }
  close();
  return found;
}

/**
 * A side of the live book, continued by an older, deeper one: where both reach, the live one counts. Used for coarse
 * steps, for which the streamed levels do not reach far enough.
 */
export function deepened(live: readonly Level[], deep: readonly Level[], side: Side): readonly Level[] {
  const last = live.at(-1);
  if (last === undefined) return live;
  const edge = Number(last.price);
  const isBeyond = ({ price }: Level): boolean => (side === 'bid' ? Number(price) < edge : Number(price) > edge);
  return [...live, ...deep.filter(isBeyond)];
}
