import { noNormalisation } from '../../../pipelines/environment/normalisation.ts';
import type { WantedFeature } from '../../../pipelines/simulation/strategy-features.ts';
import type { BookModel } from '../model/model.ts';
import { bookFeatureHash } from '../model/model-strategy.ts';
import { usualFeatures } from '../model/usual-features.ts';
import { figures } from '../run/run-report.ts';
import type { LearnedSeed, ModelSource } from '../run/training.ts';
import { bookClock } from './book-clock.ts';
import type { BookData } from './book-data.ts';
import { trainingFeatures } from './book-normalisation.ts';

/**
 * What a seed of a training run on the book has become. Latency, queue and costs that were assumed in training are in its lineage,
 * as part of the config.
 */
export function bookModelOfRun(
  data: BookData,
  { seed, policy, steps, tested }: LearnedSeed,
  { baselines, ...source }: ModelSource,
): BookModel {
  const { config, train, test, normalisation } = data;
  const { instrument, every, levels, distance, actions, size } = config;
  const trained = { fromMs: train.fromMs, toMs: train.toMs };
  const observed = {
    levels,
    distance,
    features: config.features as readonly WantedFeature[],
    // JSON has no infinite times.
    normalisation: normalisation ?? { ...noNormalisation({ columns: [] }), ...trained },
  };
  const { backend, codeVersion, recording, fromEntryId, toEntryId } = source;
  return {
    format: 1,
    environment: 'book',
    instrument,
    every: bookClock(every),
    actions,
    size,
    ...observed,
    featureHash: bookFeatureHash(observed),
    policy,
    usual: normalisation === undefined ? [] : usualOf(data),
    lineage: {
      config,
      seed,
      steps,
      backend,
      codeVersion,
      recording,
      fromEntryId,
      toEntryId,
      train: trained,
      test: { fromMs: test.fromMs, toMs: test.toMs },
      parent: null,
    },
    tested: { returns: tested.returns, model: figures(tested), baselines: baselines.map(figures) },
  };
}

const DAY_MS = 86_400_000;

function usualOf(data: BookData): BookModel['usual'] {
  const { values, timesMs } = trainingFeatures(data);
  const lengthMs = timesMs.at(-1)! - timesMs[0]!;
  return usualFeatures(data.normalisation!, values, (timesMs.length * DAY_MS) / lengthMs);
}
