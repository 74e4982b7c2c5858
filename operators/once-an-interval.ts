import type { Projection } from './fold.ts';

/** Plain data. */
export interface OnceState {
  interval: number;
  isFirst: boolean;
}

/** Passes the first event of each `intervalMs` of event time; one from an earlier interval never. */
export function onceAnInterval<Event extends { readonly transactionTimeMs: number }>(options: {
  readonly intervalMs: number;
}): Projection<Event, OnceState, Event> {
  return {
    initialState: () => ({ interval: -1, isFirst: false }),
    evolve: (state, event) => {
      const interval = Math.floor(event.transactionTimeMs / options.intervalMs);
      state.isFirst = interval > state.interval;
      if (state.isFirst) state.interval = interval;
      return state;
    },
    project: (state, event) => (state.isFirst ? event : undefined),
  };
}
