import { columnFeatures, isInMask } from '../../../operators/features/column-features.ts';
import type { FeatureVector } from '../../../operators/features/feature-set.ts';
import { outputValue } from '../../../operators/features/output-value.ts';
import { type ChunkResult, type SamplePlace, sampleAt } from './chunk-result.ts';
import type { SplitSet } from './split-set.ts';

/** Makes whole rows of what the workers found, chunk after chunk in order of time. */
export interface ChunkMerge {
  push(result: ChunkResult, onVector: (vector: FeatureVector, place: SamplePlace) => void): void;
  /** What it goes on with. Plain data. */
  save(): MergeState;
}

export interface MergeState {
  readonly states: unknown[];
  /** Of those that are of other columns, by the number of the feature in its set. */
  readonly ofColumns: unknown[];
  ofLastBar: readonly (number | null)[];
  /** Bars were interrupted since the last row. */
  isBroken: boolean;
}

/** Features of bars are folded here, over all chunks: they are few inputs, and some never forget. */
export function createChunkMerge({ set, ofBars, columns }: SplitSet, saved?: MergeState): ChunkMerge {
  // Asked for at each sample, whatever the set is sampled at.
  const folds = ofBars.features.map(({ definition, parameters }) => definition.create(parameters));
  const ofColumns = columnFeatures(set);
  const state = saved ?? {
    states: folds.map(({ initialState }) => initialState()),
    ofColumns: set.features.map(({ definition, parameters, of }) =>
      of === null ? null : definition.create(parameters).initialState(),
    ),
    ofLastBar: ofBars.columns.map(() => null),
    isBroken: false,
  };

  function onBar(bar: ChunkResult['bars'][number][1]): void {
    const { states } = state;
    if (bar.type === 'barBreak') state.isBroken = true;
    for (const [n, fold] of folds.entries()) states[n] = fold.evolve(states[n], bar as never);
    state.ofLastBar = ofBars.features.flatMap(({ outputs }, n) => {
      const said = folds[n]!.project(states[n]);
      return outputs.map((output) => outputValue(said, output));
    });
  }

  function rowOf(vector: FeatureVector): FeatureVector {
    const values = columns.map(([part, column]) => {
      if (part === 'columns') return null;
      return part === 'bars' ? state.ofLastBar[column]! : vector.values[column]!;
    });
    if (!ofColumns.isNone) ofColumns.evolve(state.ofColumns, values, vector.timeMs, brokenOf(vector));
    state.isBroken = false;
    return { ...vector, values, mask: maskOf(values) };
  }

  /** A part numbers its columns by itself. */
  function brokenOf({ broken }: FeatureVector): number {
    let mask = 0;
    for (const [n, [part, column]] of columns.entries())
      if (part === 'bars' ? state.isBroken : part === 'events' && isInMask(broken, column)) mask += 2 ** n;
    return mask;
  }

  return {
    push(result, onVector) {
      let at = 0;
      for (let n = 0; n <= result.own; n++) {
        for (; at < result.bars.length && result.bars[at]![0] === n; at++) onBar(result.bars[at]![1]);
        if (n === result.own) break;
        const { place, vector } = sampleAt(result, n);
        onVector(rowOf(vector), place);
      }
    },
    save: () => state,
  };
}

function maskOf(values: readonly (number | null)[]): number {
  let mask = 0;
  for (const [n, value] of values.entries()) if (value !== null) mask += 2 ** n;
  return mask;
}
