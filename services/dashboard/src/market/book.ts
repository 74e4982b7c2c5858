import { fieldsOf } from '../api/fields.ts';

/** A price level, as the venue's decimal texts. */
export interface Level {
  readonly price: string;
  readonly qty: string;
}

/** The best levels of an order book, best first on either side. */
export interface Book {
  readonly timeMs: number;
  readonly updateId: number | null;
  readonly isValid: boolean;
  /** Why it is not valid; null where it is, or nobody said. */
  readonly reason: string | null;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** @throws TypeError naming the field that is not as expected */
export function readBook(value: unknown): Book {
  const fields = fieldsOf('book', value);
  return {
    timeMs: fields.timeMs('ts'),
    updateId: fields.numberOrNull('update_id'),
    isValid: fields.flag('valid'),
    reason: fields.textOrNull('reason'),
    bids: readLevels('book/bids', fields.list('bids')),
    asks: readLevels('book/asks', fields.list('asks')),
  };
}

function readLevels(path: string, levels: readonly unknown[]): Level[] {
  return levels.map((level, at) => {
    if (!Array.isArray(level) || level.length < 2)
      throw new TypeError(`${path}/${at}: expected [price, quantity], was ${JSON.stringify(level)}`);
    return { price: String(level[0]), qty: String(level[1]) };
  });
}
