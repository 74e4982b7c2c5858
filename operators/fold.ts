import { defer, filter, map, type OperatorFunction } from 'rxjs';

/** A pure fold: what it has seen (`state`), and what it says of the event just seen. */
export interface Projection<Event, State, Out> {
  /** A function, so that every subscription owns its state. Plain data, so that it can be saved. */
  readonly initialState: () => State;
  /** Reads no clock, no randomness, no I/O. May change `state`, which it owns; never `event`. */
  readonly evolve: (state: State, event: Event) => State;
  /** `undefined`: nothing to say, as before warm-up. What it gives is fresh, and never changed afterwards. */
  readonly project: (state: State, event: Event) => Out | undefined;
}

/** Where a fold's state is kept, so that it can be saved with a checkpoint and taken up again. */
export interface StateCell<State> {
  state: State | undefined;
}

/**
 * The one bridge from a pure fold to RxJS.
 * @param cell holds the state from subscription on, and a state found there is taken up: for one subscription at a time.
 * Without it every subscription begins anew.
 */
export function fold<Event, State, Out>(
  { initialState, evolve, project }: Projection<Event, State, Out>,
  cell?: StateCell<State>,
): OperatorFunction<Event, Out> {
  return (source) =>
    defer(() => {
      let state = cell?.state ?? initialState();
      if (cell !== undefined) cell.state = state;
      return source.pipe(
        map((event) => {
          state = evolve(state, event);
          if (cell !== undefined) cell.state = state;
          return project(state, event);
        }),
        filter((out) => out !== undefined),
      );
    });
}
