import { featureSet } from '../../operators/features/feature-set.ts';
import type { FeatureSet } from '../../operators/features/resolve-feature-set.ts';
import { BOOK_V1 } from '../../operators/features/sets/book-v1.ts';
import { DEFAULT_V1 } from '../../operators/features/sets/default-v1.ts';
import { DERIVATIVES_V1 } from '../../operators/features/sets/derivatives-v1.ts';
import { FLOW_V1 } from '../../operators/features/sets/flow-v1.ts';
import { createFeatureInputs } from '../../pipelines/feature-inputs.ts';
import { type Bench, timeInTurn } from './bench.ts';
import { benchPayloads } from './bench-payloads.ts';

const SETS: readonly FeatureSet[] = [DEFAULT_V1, BOOK_V1, FLOW_V1, DERIVATIVES_V1];

export default {
  name: 'features',
  summary: 'log → decoded → book → default-v1 and every microstructure and derivatives feature, whole capture',
  target: { of: 'ratio', at: 'least', bound: 0.4 },
  async run(context) {
    const { payloads, note } = benchPayloads(context);
    let parsed = 0;
    let values = 0;
    const [parseMs = 0, featuresMs = 0] = timeInTurn([
      () => {
        for (const [, payload] of payloads) parsed += Object.keys(JSON.parse(payload.toString())).length;
      },
      () => {
        values = deriveAll(payloads);
      },
    ]);
    if (values === 0 || parsed === 0) throw new Error('features: expected values, found none');
    const columns = SETS.reduce((sum, set) => sum + set.columns.length, 0);
    const what = `${columns} columns, ${values.toLocaleString('en')} values a pass`;
    return {
      name: 'features',
      value: (featuresMs * 1e6) / payloads.length,
      unit: 'ns/event',
      reference: 'JSON.parse of the same frames',
      referenceValue: (parseMs * 1e6) / payloads.length,
      ratio: parseMs / featuresMs,
      note: note === undefined ? what : `${what}; ${note}`,
    };
  },
} satisfies Bench;

/** @returns how many values the sets said */
function deriveAll(payloads: ReturnType<typeof benchPayloads>['payloads']): number {
  const folds = SETS.map(featureSet);
  const states = folds.map(({ initialState }) => initialState());
  let values = 0;
  const inputs = createFeatureInputs((input) => {
    for (let n = 0; n < folds.length; n++) {
      const state = folds[n]!.evolve(states[n]!, input);
      states[n] = state;
      const vector = folds[n]!.project(state, input);
      if (vector !== undefined) for (const value of vector.values) if (value !== null) values++;
    }
  });
  for (const [channel, payload] of payloads) inputs.push(channel, payload);
  return values;
}
