import { type FeatureVector, outputValue } from '../../../operators/features/feature-set.ts';
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
  ofLastBar: readonly (number | null)[];
}

/** Features of bars are folded here, over all chunks: they are few inputs, and some never forget. */
export function createChunkMerge({ ofBars, columns }: SplitSet, saved?: MergeState): ChunkMerge {
  // Asked for at each sample, whatever the set is sampled at.
  const folds = ofBars.features.map(({ definition, parameters }) => definition.create(parameters));
  const state = saved ?? {
    states: folds.map(({ initialState }) => initialState()),
    ofLastBar: ofBars.columns.map(() => null),
  };

  function onBar(bar: ChunkResult['bars'][number][1]): void {
    const { states } = state;
    for (const [n, fold] of folds.entries()) states[n] = fold.evolve(states[n], bar as never);
    state.ofLastBar = ofBars.features.flatMap(({ outputs }, n) => {
      const said = folds[n]!.project(states[n]);
      return outputs.map((output) => outputValue(said, output));
    });
  }

  return {
    push(result, onVector) {
      let at = 0;
      for (let n = 0; n <= result.own; n++) {
        for (; at < result.bars.length && result.bars[at]![0] === n; at++) onBar(result.bars[at]![1]);
        if (n === result.own) break;
        const { place, vector } = sampleAt(result, n);
        const values = columns.map(([part, column]) =>
          part === 'bars' ? state.ofLastBar[column]! : vector.values[column]!,
        );
        onVector({ ...vector, values, mask: maskOf(values) }, place);
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
