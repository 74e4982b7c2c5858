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

const REASONS: Readonly<Record<string, string>> = {
  synchronising: 'it waits for the first snapshot and the diff that follows it',
  gap: 'diffs are missing; it waits for a new snapshot',
  crossed: 'its best bid was not below its best ask; it waits for a new snapshot',
  'beyond-snapshot': 'its best price lies beyond what the snapshot reached; it waits for a deeper one',
  'scale-changed': 'the venue changed its tick or step size; it waits for a new snapshot',
};

/** Why the book must not be used, as a sentence's end. */
export function describeInvalidity(reason: string | null): string {
  return reason === null ? 'the deriver gave no reason' : (REASONS[reason] ?? reason);
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
