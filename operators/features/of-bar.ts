import type { Projection } from '../fold.ts';
import type { Candle } from '../indicators/candle.ts';
import type { FeatureFold, FeatureValue } from './definition.ts';
import type { BarBreak, ClosedBar } from './feature-input.ts';

/** Plain data. */
export interface OfBarState {
  inner: unknown;
  /** What it said at the last bar; null: nothing. */
  said: FeatureValue | null;
}

/** An indicator of bars as a feature: it keeps what it said at the last bar, and starts anew where the bars are broken. */
export function ofBar<State>(
  indicator: Projection<ClosedBar, State, FeatureValue>,
): FeatureFold<ClosedBar | BarBreak, OfBarState, FeatureValue> {
  const { initialState, evolve, project } = indicator;
  return {
    initialState: () => ({ inner: initialState(), said: null }),
    evolve: (state, event) => {
      if (event.type === 'barBreak') {
        state.inner = initialState();
        state.said = null;
        return state;
      }
      const inner = evolve(state.inner as State, event);
      state.inner = inner;
      state.said = project(inner, event) ?? null;
      return state;
    },
    project: ({ said }) => said ?? undefined,
  };
}

/** An indicator of one number a bar, here of its close. */
export function ofClose<State>(
  indicator: Projection<number, State, FeatureValue>,
): FeatureFold<ClosedBar | BarBreak, OfBarState, FeatureValue> {
  const { initialState, evolve, project } = indicator;
  return ofBar<State>({
    initialState,
    evolve: (state, { close }: Candle) => evolve(state, close),
    project: (state, { close }: Candle) => project(state, close),
  });
}
