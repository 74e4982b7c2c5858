import { codeVersion } from '../../../infra/code-version.ts';
import type { BarData } from '../run/bar-data.ts';
import type { Judgement } from '../run/judge.ts';
import type { SeedRun, TrainReport } from '../run/train-run.ts';
import { featureHash, type Model, type TestedFigures } from './model.ts';

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
    tested: { model: figures(tested), baselines: baselines.map(figures) },
  };
}

function figures({ returns: _, ...rest }: Judgement): TestedFigures {
  return rest;
}
