import type { FeatureInput } from '../operators/features/feature-input.ts';
import { midprice } from '../operators/features/midprice.ts';
import type { Scale } from '../streams/events/scale.ts';
import { createFeatureInputs, type InputsStart, type SavedInputs } from './feature-inputs.ts';

/** From the payloads of an instrument's log, and of another's, to what features of both are folded from. */
export interface PairInputs {
  /**
   * Events of both logs in the order of their entries' ids.
   * @param log 0: the instrument's own, 1: the other's
   */
  push(log: number, channel: string, payload: Uint8Array): void;
  /** The instrument's own. */
  readonly scale: Scale | undefined;
  save(): SavedPairInputs;
}

export interface SavedPairInputs {
  readonly own: SavedInputs;
  readonly other: SavedInputs;
}

export interface PairInputsStart {
  readonly own?: InputsStart;
  readonly other?: InputsStart;
}

/** Of the other instrument its book alone is used. */
const OF_OTHER: ReadonlySet<string> = new Set(['depth', 'depthSnapshot', 'gap', 'instrument']);

/**
 * The instrument's own inputs are as `createFeatureInputs` makes them, whether there is another or not.
 * @param onInput called in log order; what is lent to it holds until the next call of `push`
 */
export function createPairInputs(
  onInput: (input: FeatureInput) => void,
  { own, other }: PairInputsStart = {},
): PairInputs {
  const ofOwn = createFeatureInputs(onInput, own);
  const ofOther = createFeatureInputs((input) => {
    if (input.type === 'bookBreak') onInput({ type: 'otherBreak' });
    else if (input.type === 'topOfBook')
      onInput({
        type: 'otherQuote',
        transactionTimeMs: input.transactionTimeMs,
        midprice: midprice(input) * ofOther.scale!.price.toNumber(1),
      });
  }, other);
  return {
    push(log, channel, payload) {
      if (log === 0) ofOwn.push(channel, payload);
      else if (OF_OTHER.has(channel)) ofOther.push(channel, payload);
    },
    get scale() {
      return ofOwn.scale;
    },
    save: () => ({ own: ofOwn.save(), other: ofOther.save() }),
  };
}
