import { BadInput } from '../../../infra/setup-error.ts';
import { barFeatures } from '../../../pipelines/environment/bar-features.ts';
import type { BarModel } from '../model/model.ts';
import { modelStrategy } from '../model/model-strategy.ts';
import type { BarData, Span } from '../run/bar-data.ts';
import { checkTrainConfig } from '../run/train-config.ts';
import { evaluatePolicies, type PoliciesReport } from './evaluate-policies.ts';
import type { EvaluationSubject } from './evaluation-report.ts';
import { trialOf } from './look.ts';
import type { TriedBefore } from './span-report.ts';

/** What is said of a model over a span that it has learned nothing of. Plain data. */
export interface ModelReport extends PoliciesReport {
  readonly model: string;
  readonly of: EvaluationSubject;
  /** What it had learned from, ms since the epoch. */
  readonly train: Span;
}

/**
 * Judges a model over a span, with the normalisation that it was trained with. Nothing is trained.
 * @param before what was looked at on these candles beside it
 * @throws BadInput where it has learned from some of the span, its features mean something else in this Don, or no candle is there
 */
export function evaluateModel(
  id: string,
  model: BarModel,
  candles: Pick<BarData, 'bars' | 'scale' | 'funding'>,
  { span, ...before }: { readonly span: Span } & Pick<TriedBefore, 'looks' | 'tried'>,
): { readonly data: BarData; readonly report: ModelReport } {
  const { train } = model.lineage;
  if (span.fromMs < train.toMs && span.toMs > train.fromMs)
    throw new BadInput(
      `--from: expected a span that model ${id} has learned nothing of, which it has from ${iso(train.fromMs)} to ${iso(train.toMs)}, found ${iso(span.fromMs)} to ${iso(span.toMs)}`,
    );
  modelStrategy(id, model);
  const { bars, scale } = candles;
  const [firstMs, lastMs] = [bars.openTimesMs[0]!, bars.openTimesMs.at(-1)! + bars.intervalMs];
  if (!(span.fromMs < span.toMs && span.fromMs < lastMs && span.toMs > firstMs))
    throw new BadInput(
      `--from: expected a span with candles, which are from ${iso(firstMs)} to ${iso(lastMs)}, found ${iso(span.fromMs)} to ${iso(span.toMs)}`,
    );
  const data: BarData = {
    ...candles,
    config: checkTrainConfig(model.lineage.config),
    features: barFeatures({ bars, scale, features: model.features }),
    normalisation: model.normalisation,
    train,
    test: span,
  };
  const policies = [{ name: `model ${id}`, policy: model.policy }];
  const trials = [trialOf(model.lineage.config, model.lineage.seed)];
  const of = { instrument: model.instrument, interval: model.interval, trials };
  return { data, report: { model: id, of, train, ...evaluatePolicies(data, span, policies, { trials, ...before }) } };
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}
