import { BadInput } from '../../../infra/setup-error.ts';
import { KLINE_INTERVALS } from '../../../operators/kline-bars.ts';
import { barAgent } from '../../../pipelines/environment/bar-agent.ts';
import { bookAgent } from '../../../pipelines/environment/book-agent.ts';
import { createBookObservation } from '../../../pipelines/environment/book-observation.ts';
import type { StrategyDefinition } from '../../../pipelines/simulation/strategy.ts';
import { strategyFeatureSet } from '../../../pipelines/simulation/strategy-features.ts';
import { openPolicy } from '../algorithms/policy.ts';
import { type BarModel, type BookModel, featureHash, type Model } from './model.ts';
import { clockOf, clockText } from './model-clock.ts';

/** How a model is named as a strategy: by its id behind this. */
export const MODEL_PREFIX = 'model:';

/**
 * A model as a strategy.
 * @throws BadInput where this Don's features are not those that it was trained on
 */
export function modelStrategy(id: string, model: Model): StrategyDefinition {
  const strategy = model.environment === 'book' ? bookStrategy(id, model) : barStrategy(id, model);
  const found =
    model.environment === 'book' ? bookFeatureHash(model) : featureHash(strategyFeatureSet(strategy, {})!.definition);
  if (found !== model.featureHash)
    throw new BadInput(
      `model ${id}, features: expected the definition with hash ${model.featureHash}, which it was trained on, found ${found}: a feature means something else in this Don`,
    );
  return strategy;
}

function barStrategy(id: string, model: BarModel): StrategyDefinition {
  const { interval, features, normalisation, actions, size } = model;
  return barAgent({
    ...namesOf(id, model),
    intervalMs: KLINE_INTERVALS[interval],
    features,
    normalisation,
    actions,
    size,
    createPolicy: () => openPolicy(model.policy),
  });
}

function bookStrategy(id: string, model: BookModel): StrategyDefinition {
  const { every, levels, distance, features, normalisation, actions, size } = model;
  return bookAgent({
    ...namesOf(id, model),
    clock: every,
    levels,
    distance,
    features,
    normalisation,
    actions,
    size,
    createPolicy: () => openPolicy(model.policy),
  });
}

function namesOf(id: string, model: Model): { readonly name: string; readonly title: string; readonly says: string } {
  const { instrument, lineage } = model;
  return {
    name: `${MODEL_PREFIX}${id}`,
    title: `Model ${id}`,
    says: `an agent that was trained on ${instrument}, ${clockText(clockOf(model))}, with seed ${lineage.seed}`,
  };
}

/** Of the features of a model on a book, and of how its observation is laid out. */
export function bookFeatureHash(
  observed: Pick<BookModel, 'levels' | 'distance' | 'normalisation' | 'features'>,
): string {
  const { names } = createBookObservation(observed);
  const set = strategyFeatureSet({ name: 'agent', features: observed.features }, {});
  return featureHash(JSON.stringify([names, set?.definition ?? null]));
}
