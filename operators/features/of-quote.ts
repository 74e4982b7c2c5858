import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import type { FeatureFold } from './definition.ts';

/** Plain data. */
export interface OfQuoteState {
  /** NaN: there is no valid book. */
  value: number;
}

/** A feature of the last quote alone. */
export function ofQuote(value: (top: TopOfBook) => number): FeatureFold<TopOfBook | BookBreak, OfQuoteState> {
  return {
    initialState: () => ({ value: Number.NaN }),
    evolve: (state, event) => {
      state.value = event.type === 'topOfBook' ? value(event) : Number.NaN;
      return state;
    },
    project: ({ value: last }) => (Number.isNaN(last) ? undefined : last),
  };
}
