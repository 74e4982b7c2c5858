import { type BarActions, targetActions } from './bar-actions.ts';
import { type BoxSpace, type Space, spaceHolds } from './space.ts';

/**
 * What an agent on a book may do: say the position that it wants, which market orders bring about, or say how it quotes.
 *
 * A quote is by how many ticks it lies behind the best price of its side, at least 0, and its size in parts of the greatest.
 *
 * - `quotes`: four numbers: offset of the bid, offset of the ask, size of the bid, size of the ask, which are from 0 to 1
 * - `quote-grid`: the number of a pair of offsets; null: no quote on that side. The size is the greatest one
 *
 * Own orders never let the position grow beyond `maxPosition`, base asset, long or short.
 */
export type BookActions =
  | BarActions
  | { readonly type: 'quotes'; readonly maxOffsetTicks: number; readonly maxPosition: number }
  | {
      readonly type: 'quote-grid';
      readonly offsets: readonly (readonly [bid: number | null, ask: number | null])[];
      readonly maxPosition: number;
    };

/** Quotes that are wanted. Offsets in ticks, sizes in parts of the greatest one; 0: none. */
export interface WantedQuotes {
  bidOffset: number;
  askOffset: number;
  bidSize: number;
  askSize: number;
}

/** An action as what is wanted. */
export interface BookDecision {
  readonly space: Space;
  /** Base asset; NaN where a position is wanted, and not quotes. */
  readonly maxPosition: number;
  /** The position that is wanted, in parts of the size; only where `maxPosition` is NaN. */
  target: number;
  readonly quotes: WantedQuotes;
  /** Reads an action. @throws RangeError where it is not of the space; nothing is changed then */
  read(action: number | Float32Array): void;
}

/** @throws RangeError that names what cannot be */
export function bookDecision(actions: BookActions): BookDecision {
  if (actions.type === 'quotes') return ofQuotes(actions.maxOffsetTicks, checked(actions.maxPosition));
  if (actions.type === 'quote-grid') return ofGrid(actions.offsets, checked(actions.maxPosition));
  const { space, targetOf } = targetActions(actions);
  const decision: BookDecision = {
    space,
    maxPosition: Number.NaN,
    target: 0,
    quotes: noQuotes(),
    read(action) {
      decision.target = targetOf(action);
    },
  };
  return decision;
}

function ofQuotes(maxOffsetTicks: number, maxPosition: number): BookDecision {
  if (!(Number.isInteger(maxOffsetTicks) && maxOffsetTicks >= 0))
    throw new RangeError(`actions, maxOffsetTicks: expected a whole number from 0, found ${maxOffsetTicks}`);
  const high = Float32Array.of(maxOffsetTicks, maxOffsetTicks, 1, 1);
  const space: BoxSpace = { type: 'box', low: new Float32Array(4), high };
  const quotes = noQuotes();
  return {
    space,
    maxPosition,
    target: 0,
    quotes,
    read(action) {
      if (!spaceHolds(space, action)) refuse(`a Float32Array from [0, 0, 0, 0] to [${high.join(', ')}]`, action);
      const numbers = action as Float32Array;
      quotes.bidOffset = Math.round(numbers[0]!);
      quotes.askOffset = Math.round(numbers[1]!);
      quotes.bidSize = numbers[2]!;
      quotes.askSize = numbers[3]!;
    },
  };
}

function ofGrid(
  offsets: readonly (readonly [bid: number | null, ask: number | null])[],
  maxPosition: number,
): BookDecision {
  if (offsets.length === 0) throw new RangeError('actions, offsets: expected at least one pair, found none');
  for (const offset of offsets.flat())
    if (offset !== null && !(Number.isInteger(offset) && offset >= 0))
      throw new RangeError(`actions, offsets: expected whole numbers from 0, or null, found ${offset}`);
  const space = { type: 'discrete', count: offsets.length } as const;
  const quotes = noQuotes();
  return {
    space,
    maxPosition,
    target: 0,
    quotes,
    read(action) {
      if (!spaceHolds(space, action)) refuse(`a whole number from 0 to ${offsets.length - 1}`, action);
      const pair = offsets[action as number]!;
      quotes.bidOffset = pair[0] ?? 0;
      quotes.askOffset = pair[1] ?? 0;
      quotes.bidSize = pair[0] === null ? 0 : 1;
      quotes.askSize = pair[1] === null ? 0 : 1;
    },
  };
}

const noQuotes = (): WantedQuotes => ({ bidOffset: 0, askOffset: 0, bidSize: 0, askSize: 0 });

function checked(maxPosition: number): number {
  if (!(maxPosition > 0))
    throw new RangeError(`actions, maxPosition: expected a quantity above 0, found ${maxPosition}`);
  return maxPosition;
}

function refuse(expected: string, action: number | Float32Array): never {
  const found = typeof action === 'number' ? String(action) : `[${Array.from(action).join(', ')}]`;
  throw new RangeError(`action: expected ${expected}, found ${found}`);
}
