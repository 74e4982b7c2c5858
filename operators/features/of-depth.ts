import type { BookBreak } from '../book/book-break.ts';
import type { FeatureFold, FeatureValue } from './definition.ts';
import type { DepthView } from './feature-input.ts';

/** A number for each side of the book. */
export interface BidAsk {
  readonly bid: number;
  readonly ask: number;
}

/** Plain data. */
export interface OfDepthState<Value extends FeatureValue> {
  /** null: there is no valid book, or nothing to say of it. */
  said: Value | null;
}

/**
 * A feature of the last view of the book alone.
 * @param value reads the lent ladders and keeps nothing of them
 */
export function ofDepth<Value extends FeatureValue>(
  value: (view: DepthView) => Value | undefined,
): FeatureFold<DepthView | BookBreak, OfDepthState<Value>, Value> {
  return {
    initialState: () => ({ said: null }),
    evolve: (state, event) => {
      state.said = event.type === 'depthView' ? (value(event) ?? null) : null;
      return state;
    },
    project: ({ said }) => said ?? undefined,
  };
}
