import { type BarClockState, barClock, containsItsClosingTrade, makesBars } from '../bar-clock.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import type { Projection } from '../fold.ts';
import { columnFeatures, isInMask } from './column-features.ts';
import type { FeatureFold, FeatureValue } from './definition.ts';
import type { BarBreak, ClosedBar, FeatureInput, FeatureInputType } from './feature-input.ts';
import { outputValue } from './output-value.ts';
import type { FeatureSet, UsedFeature } from './resolve-feature-set.ts';

/** The features' values at one instant. */
export interface FeatureVector {
  /** ms since the epoch: of the quote, or the end of the bar. */
  readonly timeMs: number;
  /** Of the quote at which the set was sampled; null where it is sampled at bars. */
  readonly updateId: number | null;
  /** In the order of the set's columns; null: warming up, or nothing to say. */
  readonly values: readonly (number | null)[];
  /** Bit n set: column n is valid. */
  readonly mask: number;
  /** Bit n set: column n was interrupted since the vector before, whatever it says again; of columns that others are of. */
  readonly broken: number;
}

/** Plain data. */
export interface FeatureSetState {
  readonly folds: unknown[];
  readonly bars: BarClockState;
  /** Latest time of a sample. */
  nowMs: number;
  /** Columns that were interrupted since the last sample, as in a vector. */
  broken: number;
  /** What the event being folded says; null: nothing. */
  said: FeatureVector | null;
}

/** After which a feature may have nothing to say any more. */
const BREAKS: ReadonlySet<FeatureInputType> = new Set(['bookBreak', 'otherBreak', 'gap', 'instrument']);

type AnyFold = FeatureFold<FeatureInput, unknown, FeatureValue>;

/**
 * The set as one fold of quotes, trades and all else of one instrument in log order: it makes the bars of its clock itself,
 * and speaks at each quote of a valid book, or at each closed bar, as the set says.
 */
export function featureSet(set: FeatureSet): Projection<FeatureInput, FeatureSetState, FeatureVector> {
  const folds = set.features.map(createFold);
  const listeners = listenersByType(set.features);
  const samplingType: FeatureInputType = set.sampling === 'quotes' ? 'topOfBook' : 'bar';
  const hasBars = samplingType === 'bar' || listeners.has('bar');
  const clock = barClock(set.clock);
  const isBarLast = containsItsClosingTrade(set.clock);
  const ofColumns = columnFeatures(set);
  const sources = sourcesOf(set);

  function tell(state: FeatureSetState, event: FeatureInput): void {
    feed(state, event);
    if (event.type !== samplingType || (event.type !== 'topOfBook' && event.type !== 'bar')) return;
    // The time of quotes, or of bars, alone: that of trades, which come another way, would make features of the book depend
    // on which was faster.
    state.nowMs = Math.max(state.nowMs, timeOf(event));
    feed(state, { type: 'sample', timeMs: state.nowMs });
    state.said = sample(state, event);
    state.broken = 0;
  }

  function barAt(state: BarClockState, event: FeatureInput): ClosedBar | BarBreak | undefined {
    if (!makesBars(set.clock, event)) return undefined;
    return clock.project(clock.evolve(state, event), event);
  }

  function feed({ folds: states }: FeatureSetState, event: FeatureInput): void {
    const indexes = listeners.get(event.type);
    if (indexes === undefined) return;
    for (let at = 0; at < indexes.length; at++) {
      const n = indexes[at]!;
      states[n] = folds[n]!.evolve(states[n], event);
    }
  }

  /** Of an interruption between two samples the columns alone would say nothing. */
  function noteSilence(state: FeatureSetState): void {
    for (const { column, feature, output } of sources) {
      if (isInMask(state.broken, column)) continue;
      const said = folds[feature]!.project(state.folds[feature]);
      if (outputValue(said, output) === null) state.broken += 2 ** column;
    }
  }

  function sample({ folds: states, broken }: FeatureSetState, event: TopOfBook | ClosedBar): FeatureVector {
    const values: (number | null)[] = [];
    for (let n = 0; n < folds.length; n++) {
      const said = folds[n]!.project(states[n]);
      for (const output of set.features[n]!.outputs) values.push(outputValue(said, output));
    }
    if (!ofColumns.isNone) ofColumns.evolve(states, values, timeOf(event), broken);
    let mask = 0;
    for (let n = 0; n < values.length; n++) if (values[n] !== null) mask += 2 ** n;
    const updateId = event.type === 'topOfBook' ? event.updateId : null;
    return { timeMs: timeOf(event), updateId, values, mask, broken };
  }

  return {
    initialState: () => ({
      folds: folds.map(({ initialState }) => initialState()),
      bars: clock.initialState(),
      nowMs: -0,
      broken: 0,
      said: null,
    }),
    evolve: (state, event) => {
      if (state.said !== null) state.said = null;
      const bar = hasBars ? barAt(state.bars, event) : undefined;
      // Features know of every trade of a bar that is told, and of none behind it.
      const isEventFirst = isBarLast && event.type === 'trade';
      if (isEventFirst) tell(state, event);
      if (bar !== undefined) tell(state, bar);
      if (!isEventFirst) tell(state, event);
      if (sources.length > 0 && (BREAKS.has(event.type) || bar?.type === 'barBreak')) noteSilence(state);
      return state;
    },
    project: ({ said }) => said ?? undefined,
  };
}

function createFold({ definition, parameters }: UsedFeature): AnyFold {
  return definition.create(parameters) as unknown as AnyFold;
}

interface Source {
  readonly column: number;
  readonly feature: number;
  readonly output: string;
}

/** The columns that others are of, themselves of inputs. */
function sourcesOf({ features, sources }: FeatureSet): Source[] {
  const columns = features.flatMap(({ outputs, of }, feature) => outputs.map((output) => ({ feature, output, of })));
  return sources.flatMap((column) => {
    const { feature, output, of } = columns[column]!;
    return of === null ? [{ column, feature, output }] : [];
  });
}

function listenersByType(features: readonly UsedFeature[]): ReadonlyMap<FeatureInputType, readonly number[]> {
  const listeners = new Map<FeatureInputType, number[]>();
  for (const [n, { definition, of }] of features.entries())
    for (const type of of === null ? definition.inputs : []) listeners.set(type, [...(listeners.get(type) ?? []), n]);
  return listeners;
}

function timeOf(event: TopOfBook | ClosedBar): number {
  return event.type === 'topOfBook' ? event.transactionTimeMs : event.closeTimeMs;
}
