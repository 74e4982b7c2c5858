import { createOrderBook, evolveOrderBook } from '../operators/book/order-book.ts';
import type { FeatureInput } from '../operators/features/feature-input.ts';
import { inputsOf } from '../operators/features/inputs-of.ts';
import { trades } from '../operators/trades.ts';
import { decodeOrGap } from '../streams/events/decode-or-gap.ts';
import { createDecoder } from '../streams/events/decoder.ts';
import type { Scale } from '../streams/events/scale.ts';

/** From logged payloads to what features are folded from, without all else that a derivation makes. */
export interface FeatureInputs {
  /** Events of one log, in its order; a payload that is not what its channel promises counts as a gap. */
  push(channel: string, payload: Uint8Array): void;
  readonly scale: Scale | undefined;
}

/**
 * @param onInput called in log order; what is lent to it holds until the next call of `push`
 * @param scale where reading begins behind the log's `instrument` event
 */
export function createFeatureInputs(onInput: (input: FeatureInput) => void, scale?: Scale): FeatureInputs {
  const decoder = createDecoder(scale);
  const book = createOrderBook();
  // Features that need to know it would be silent until the log says it again.
  if (scale !== undefined) onInput({ type: 'instrument', symbol: '', scale, isInferred: false });
  const tradesState = trades.initialState();

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
  };
}
