import { codeVersion } from '../../../infra/code-version.ts';
import { usualValues } from '../../../operators/drift/usual-values.ts';
import { indexFrom } from '../../../pipelines/environment/bar-span.ts';
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

/** Values that are held against the usual ones: a day of them, or fewer where the training was short. */
const STRETCH_MS = 86_400_000;
const [STRETCHES_LEAST, STRETCH_LEAST] = [20, 30];

function usualOf({ features, bars, normalisation, train }: BarData): Model['usual'] {
  const [from, to] = [train.fromMs, train.toMs].map((timeMs) => indexFrom(bars.openTimesMs, timeMs)) as [
    number,
    number,
  ];
  const most = Math.floor((to - from) / STRETCHES_LEAST);
  const stretch = Math.min(most, Math.max(STRETCH_LEAST, Math.round(STRETCH_MS / bars.intervalMs)));
  if (stretch < STRETCH_LEAST) return null;
  const { columns, means, scales, clip } = normalisation;
  return columns.map((_, n) => {
    const values = Float64Array.from({ length: to - from }, (_, row) => {
      const value = (features.values[(from + row) * columns.length + n]! - means[n]!) / scales[n]!;
      return Math.max(-clip, Math.min(clip, value));
    });
    return usualValues(values, stretch);
  });
}

function figures({ returns: _, ...rest }: Judgement): TestedFigures {
  return rest;
}
