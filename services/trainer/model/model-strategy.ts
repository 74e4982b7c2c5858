import { BadInput } from '../../../infra/setup-error.ts';
import { KLINE_INTERVALS } from '../../../operators/kline-bars.ts';
import { barAgent } from '../../../pipelines/environment/bar-agent.ts';
import type { StrategyDefinition } from '../../../pipelines/simulation/strategy.ts';
import { strategyFeatureSet } from '../../../pipelines/simulation/strategy-features.ts';
import { openPolicy } from '../algorithms/policy.ts';
import { featureHash, type Model } from './model.ts';

/** How a model is named as a strategy: by its id behind this. */
export const MODEL_PREFIX = 'model:';

/**
 * A model as a strategy.
 * @throws BadInput where this Don's features are not those that it was trained on
 */
export function modelStrategy(id: string, model: Model): StrategyDefinition {
  const { instrument, interval, features, normalisation, actions, size, policy, lineage } = model;
  const strategy = barAgent({
    name: `${MODEL_PREFIX}${id}`,
    title: `Model ${id}`,
    says: `an agent that was trained on ${instrument}, candles of ${interval}, with seed ${lineage.seed}`,
    intervalMs: KLINE_INTERVALS[interval],
    features,
    normalisation,
    actions,
    size,
    createPolicy: () => openPolicy(policy),
  });
  const found = featureHash(strategyFeatureSet(strategy, {})!.definition);
  if (found !== model.featureHash)
    throw new BadInput(
      `model ${id}, features: expected the definition with hash ${model.featureHash}, which it was trained on, found ${found}: a feature means something else in this Don`,
    );
  return strategy;
}
