import { random } from '../../../../operators/random.ts';
import { bookDecision } from '../../../../pipelines/environment/book-actions.ts';
import { createBookObservation } from '../../../../pipelines/environment/book-observation.ts';
import { noNormalisation } from '../../../../pipelines/environment/normalisation.ts';
import { spaceSize } from '../../../../pipelines/environment/space.ts';
import type { WantedFeature } from '../../../../pipelines/simulation/strategy-features.ts';
import type { BookModel } from '../../../../services/trainer/model/model.ts';
import { bookFeatureHash } from '../../../../services/trainer/model/model-strategy.ts';
import { initialiseMlp, mlpParameterCount } from '../../../../services/trainer/networks/mlp.ts';
import { smallModel } from './small-model.ts';

const FEATURES: readonly WantedFeature[] = [{ feature: 'signed_volume', parameters: { windowMs: 1_000 } }];

/** A model that has learned nothing, of an order book: it changes its mind often. */
export function smallBookModel(changes: Partial<BookModel> = {}): BookModel {
  const span = { fromMs: 0, toMs: 1 };
  const observed = {
    levels: 3,
    distance: 'ticks',
    features: FEATURES,
    normalisation: { ...noNormalisation({ columns: ['signed_volume'] }), scales: [2_000], clip: 10, ...span },
    ...changes,
  } as const;
  const { actions = { type: 'targets', targets: [0, 1, -1] } } = changes;
  const { names } = createBookObservation(observed);
  const { space } = bookDecision(actions);
  const outputs = space.type === 'discrete' ? space.count : spaceSize(space);
  const sizes = [names.length, 16, outputs];
  const network = { sizes, activation: 'tanh', parameters: new Float32Array(mlpParameterCount(sizes)) } as const;
  initialiseMlp(network, 1, random(5));
  // Distances and logarithms are as large as this.
  const moments = {
    count: 1,
    mean: Float64Array.from(names, (name) => (/_size$/.test(name) ? 6 : 0)),
    variance: Float64Array.from(names, (name) => (/_distance$|flow|trades|queue/.test(name) ? 30 : 1)),
  };
  const head = space.type === 'discrete' ? 'greatest' : 'mean';
  const { lineage, tested } = smallModel();
  return {
    format: 1,
    environment: 'book',
    instrument: 'simulated:BTCUSDT',
    every: { everyMs: 500 },
    ...observed,
    actions,
    size: { qty: 0.02 },
    featureHash: bookFeatureHash(observed),
    policy: { network, actionSpace: space, moments, head },
    usual: null,
    lineage,
    tested,
    ...changes,
  };
}
