import { codeVersion } from '../../../infra/code-version.ts';
import { indexFrom } from '../../../pipelines/environment/bar-span.ts';
import type { BarData } from '../run/bar-data.ts';
import { figures } from '../run/run-report.ts';
import type { SeedRun, TrainReport } from '../run/train-run.ts';
import { featureHash, type Model } from './model.ts';
import { usualFeatures } from './usual-features.ts';

/** What a seed of a training run has become. */
export function modelOfRun(
  data: BarData,
  { seed, policy, steps, tested }: Pick<SeedRun, 'seed' | 'policy' | 'steps' | 'tested'>,
  { backend, baselines }: Pick<TrainReport, 'backend' | 'baselines'>,
  { recording, parent = null }: { readonly recording: string; readonly parent?: string | null },
): Model {
  const { config, bars, features, normalisation, train, test } = data;
  return {
    format: 1,
    instrument: config.instrument,
    interval: config.interval,
    actions: config.actions,
    size: { equityShare: config.equityShare },
    features: config.features as Model['features'],
    featureHash: featureHash(features.definition),
    normalisation,
    policy,
    usual: usualOf(data),
    lineage: {
      config,
      seed,
      steps,
      backend,
      codeVersion: codeVersion(),
      recording,
      fromEntryId: bars.firstEntryId,
      toEntryId: bars.lastEntryId,
      train,
      test,
      parent,
    },
    tested: { returns: tested.returns, model: figures(tested), baselines: baselines.map(figures) },
  };
}

const DAY_MS = 86_400_000;

function usualOf({ features, bars, normalisation, train }: BarData): Model['usual'] {
  const width = normalisation.columns.length;
  const [from, to] = [train.fromMs, train.toMs].map((timeMs) => width * indexFrom(bars.openTimesMs, timeMs));
  return usualFeatures(normalisation, features.values.subarray(from, to), DAY_MS / bars.intervalMs);
}
