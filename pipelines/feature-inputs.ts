import { createOrderBook, evolveOrderBook } from '../operators/book/order-book.ts';
import { loadOrderBook, type SavedBook, saveOrderBook } from '../operators/book/saved-book.ts';
import type { FeatureInput } from '../operators/features/feature-input.ts';
import { inputsOf } from '../operators/features/inputs-of.ts';
import { type TradesState, trades } from '../operators/trades.ts';
import { decodeOrGap } from '../streams/events/decode-or-gap.ts';
import { createDecoder } from '../streams/events/decoder.ts';
import { createScale, type Scale } from '../streams/events/scale.ts';

/** From logged payloads to what features are folded from, without all else that a derivation makes. */
export interface FeatureInputs {
  /** Events of one log, in its order; a payload that is not what its channel promises counts as a gap. */
  push(channel: string, payload: Uint8Array): void;
  readonly scale: Scale | undefined;
  /** What another one goes on with. Plain data. */
  save(): SavedInputs;
}

export interface SavedInputs {
  readonly book: SavedBook;
  readonly trades: TradesState;
}

export interface InputsStart {
  /** Where reading begins behind the log's `instrument` event. */
  readonly scale?: Scale | undefined;
  /** What `save` gave. */
  readonly saved?: SavedInputs | undefined;
}

/** @param onInput called in log order; what is lent to it holds until the next call of `push` */
export function createFeatureInputs(
  onInput: (input: FeatureInput) => void,
  { scale, saved }: InputsStart = {},
): FeatureInputs {
  const decoder = createDecoder(saved === undefined ? scale : scaleOf(saved.book));
  const book = saved === undefined ? createOrderBook() : loadOrderBook(saved.book);
  // Features that need to know it would be silent until the log says it again.
  if (scale !== undefined) onInput({ type: 'instrument', symbol: '', scale, isInferred: false });
  const tradesState = saved?.trades ?? trades.initialState();

  return {
    push(channel, payload) {
      const event = decodeOrGap(decoder, channel, payload);
      evolveOrderBook(book, event);
      const trade = trades.project(trades.evolve(tradesState, event), event);
      const inputs = inputsOf(event, book, trade);
      for (let n = 0; n < inputs.length; n++) onInput(inputs[n]!);
    },
    get scale() {
      return decoder.scale;
    },
    save: () => ({ book: saveOrderBook(book), trades: tradesState }),
  };
}

function scaleOf({ tickSize, stepSize }: SavedBook): Scale | undefined {
  return tickSize === '' ? undefined : createScale(tickSize, stepSize);
}
