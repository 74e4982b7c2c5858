import { featureNamed } from '../../../operators/features/catalogue.ts';
import { targetActions } from '../../../pipelines/environment/bar-actions.ts';
import { createBarObservation } from '../../../pipelines/environment/bar-observation.ts';
import { createBookObservation } from '../../../pipelines/environment/book-observation.ts';
import { strategyFeatureSet } from '../../../pipelines/simulation/strategy-features.ts';
import { featureJson } from '../../features/feature-json.ts';
import { NORMALISED_EPSILON, NORMALISED_MAX } from '../algorithms/running-moments.ts';
import type { Model } from '../model/model.ts';
import { modelStrategy } from '../model/model-strategy.ts';

/**
 * All that is needed beside the network, as `normalisation.json` has it.
 * @throws BadInput for features that mean something else in this Don
 */
export function exportedNormalisation(id: string, model: Model): object {
  const { instrument, size, features, featureHash, normalisation, policy, lineage } = model;
  const { columns, means, scales, clip } = normalisation;
  const set = strategyFeatureSet(modelStrategy(id, model), {});
  const { moments } = policy;
  const { names } = model.environment === 'book' ? createBookObservation(model) : createBarObservation(normalisation);
  return {
    format: 1,
    model: id,
    ...(model.environment === 'book' ? { environment: 'book', every: model.every } : {}),
    instrument,
    ...(model.environment === 'book' ? {} : { interval: model.interval }),
    columns,
    means,
    scales,
    clip,
    observation: {
      size: policy.network.sizes[0],
      names,
      ...(model.environment === 'book' ? { levels: model.levels, distance: model.distance } : {}),
    },
    observationMoments:
      moments === null
        ? null
        : {
            means: [...moments.mean],
            variances: [...moments.variance],
            epsilon: NORMALISED_EPSILON,
            clip: NORMALISED_MAX,
          },
    actions: actionsOf(model),
    size,
    features: {
      hash: featureHash,
      definition: set === undefined ? null : (JSON.parse(set.definition) as unknown),
      wanted: features,
      catalogue: [...new Set((set?.features ?? []).map(({ definition: { name } }) => name))].map((name) =>
        featureJson(featureNamed(name)!),
      ),
    },
    lineage,
  };
}

function actionsOf({ actions, policy: { actionSpace, head } }: Model): object {
  if (actionSpace.type !== 'discrete') {
    const bounds = { head, low: [...actionSpace.low], high: [...actionSpace.high] };
    return actions.type === 'quotes' ? { ...bounds, maxPosition: actions.maxPosition } : bounds;
  }
  if (actions.type === 'quote-grid') return { head, offsets: actions.offsets, maxPosition: actions.maxPosition };
  if (actions.type === 'quotes') throw new TypeError('actions: expected a box for quotes, found numbers of actions');
  const { targetOf } = targetActions(actions);
  return { head, targets: Array.from({ length: actionSpace.count }, (_, n) => targetOf(n)) };
}
