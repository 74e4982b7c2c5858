import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import type { Projection } from '../fold.ts';

/** What features are folded from, in log order. */
export type FeatureInput = TopOfBook | BookBreak | Trade | Gap;

/** `price` in ticks, `qty` in steps, `ratio` a plain number. */
export type FeatureUnit = 'price' | 'qty' | 'ratio';

export interface Feature {
  /** Column name. */
  readonly name: string;
  readonly unit: FeatureUnit;
  readonly projection: Projection<FeatureInput, unknown, number>;
}

/** The features' values at one quote. */
export interface FeatureVector {
  readonly updateId: number;
  /** ms since the epoch. */
  readonly transactionTimeMs: number;
  /** In the order of the set; null: warming up. */
  readonly values: readonly (number | null)[];
  /** Bit n set: feature n is valid. */
  readonly mask: number;
}

/** The set of features as one fold: it speaks at each quote of a valid book. */
export function featureSet(features: readonly Feature[]): Projection<FeatureInput, unknown[], FeatureVector> {
  return {
    initialState: () => features.map(({ projection }) => projection.initialState()),
    evolve: (states, event) => {
      for (let n = 0; n < features.length; n++) states[n] = features[n]!.projection.evolve(states[n], event);
      return states;
    },
    project: (states, event) => {
      if (event.type !== 'topOfBook') return undefined;
      let mask = 0;
      const values = features.map(({ projection }, n) => {
        const value = projection.project(states[n], event);
        if (value === undefined) return null;
        mask |= 1 << n;
        return value;
      });
      return { updateId: event.updateId, transactionTimeMs: event.transactionTimeMs, values, mask };
    },
  };
}

/** A feature of one quote alone, without memory. */
export function ofQuote(value: (top: TopOfBook) => number): Projection<FeatureInput, unknown, number> {
  return {
    initialState: () => null,
    evolve: (state) => state,
    project: (_state, event) => (event.type === 'topOfBook' ? value(event) : undefined),
  };
}

/** A projection of some inputs as one that is offered all of them. */
export function among<Input extends FeatureInput, State>(
  types: readonly Input['type'][],
  projection: Projection<Input, State, number>,
): Projection<FeatureInput, unknown, number> {
  const isInput = (event: FeatureInput): event is Input => types.includes(event.type as Input['type']);
  return {
    initialState: projection.initialState,
    evolve: (state, event) => (isInput(event) ? projection.evolve(state as State, event) : state),
    project: (state, event) => (isInput(event) ? projection.project(state as State, event) : undefined),
  };
}
