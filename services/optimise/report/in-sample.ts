import { backtestOverfitting } from '../../../operators/performance/backtest-overfitting.ts';
import { blockLength } from '../../../operators/performance/block-length.ts';
import { deflatedSharpeRatio } from '../../../operators/performance/deflated-sharpe-ratio.ts';
import { quantile } from '../../../operators/performance/interval.ts';
import { moments } from '../../../operators/performance/moments.ts';
import { sharpeShape } from '../../../operators/performance/probabilistic-sharpe-ratio.ts';
import { realityCheck } from '../../../operators/performance/reality-check.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { hash32, random } from '../../../operators/random.ts';
import { effectiveTrials } from '../../../operators/search/effective-trials.ts';
import { paretoFront } from '../../../operators/search/pareto-front.ts';
import { shareOf } from '../../../operators/search/search-space.ts';
import { lossOf, objectiveNamed } from '../objectives.ts';
import type { StudyTrial, WindowOutcome } from '../run-study.ts';
import type { Study } from '../study.ts';
import type { InSample, JudgedPoint, Neighbourhood, ParetoTable, SearchedWindow } from './study-report.ts';
import { variedOf } from './varied-of.ts';

/** 924 splits: enough to tell a probability to a few per cent. */
const OVERFITTING_BLOCKS = 12;
const REALITY_SAMPLES = 1_000;
const REASONS_MAX = 3;
const FRONT_MAX = 20;

export const NO_RESULT =
  'In-sample: of the spans that the parameters were chosen on, and so no result. The best of many is good there by luck alone.';

/** How the parameters were come by in each window, and how much of that is luck. */
export function inSample(study: Study, outcomes: readonly WindowOutcome[]): InSample {
  const { space } = study.settings;
  return {
    says: NO_RESULT,
    windows: outcomes.map((outcome, n) => searchedWindow(study, outcome, n)),
    pareto: paretoTable(study, outcomes.at(-1)!),
    stability: space.map((dimension, n) => {
      const values = outcomes.map(({ chosen }) => chosen.point[n]!).sort((one, other) => one - other);
      const shares = values.map((value) => shareOf(dimension, value));
      return {
        name: dimension.name,
        least: values[0]!,
        median: quantile(values, 0.5),
        most: values.at(-1)!,
        spread: moments(shares).deviation ?? 0,
      };
    }),
  };
}

function searchedWindow(study: Study, outcome: WindowOutcome, n: number): SearchedWindow {
  const { window, trials, chosen } = outcome;
  const ended = trials.filter((trial) => trial.outcome.failure === null);
  const returns = ended.map((trial) => trial.outcome.returns);
  const effective = effectiveTrials(returns);
  const { uniform } = random(hash32(study.id, 'reality check', n));
  const options = { samples: REALITY_SAMPLES, blockLength: blockLength(chosen.outcome.returns), uniform };
  const hasTraded = ended.some((trial) => trial.outcome.figures!.fills > 0);
  return {
    ...window,
    trials: trials.length,
    failed: trials.length - ended.length,
    failures: reasonsOf(trials),
    effectiveTrials: effective,
    chosen: judged(study, chosen),
    deflatedSharpe: deflated(chosen.outcome.returns, returns, effective),
    realityCheck: hasTraded ? realityCheck(returns, options).pValue : null,
    overfitting: hasTraded ? (backtestOverfitting(returns, OVERFITTING_BLOCKS)?.probability ?? null) : null,
    beside: neighbourhood(study, outcome),
  };
}

function deflated(chosen: readonly number[], returns: readonly (readonly number[])[], trials: number): number | null {
  const shape = sharpeShape(moments(chosen));
  if (shape === null) return null;
  const { deviation } = moments(returns.map((list) => sharpeRatio(list) ?? 0));
  return deflatedSharpeRatio(shape, { trials, variance: (deviation ?? 0) ** 2 });
}

function reasonsOf(trials: readonly StudyTrial[]): SearchedWindow['failures'] {
  const reasons = trials.flatMap(({ outcome }) => outcome.failure ?? []);
  return [...Map.groupBy(reasons, general)]
    .map(([, same]) => ({ reason: same[0]!, count: same.length }))
    .sort((one, other) => other.count - one.count)
    .slice(0, REASONS_MAX);
}

/** Without the numbers, so that the same complaint of other values is the same. */
function general(reason: string): string {
  return reason.replace(/\d+(\.\d+)?/g, '#');
}

function judged({ settings }: Study, { point, outcome }: StudyTrial): JudgedPoint {
  const objectives = settings.objectives.map((name) => [name, figureOf(name, outcome)] as const);
  return { parameters: variedOf(settings.space, point), objectives: Object.fromEntries(objectives) };
}

function figureOf(name: string, { figures }: StudyTrial['outcome']): number | null {
  return figures === null ? null : objectiveNamed(name).of(figures);
}

function neighbourhood({ settings }: Study, { beside }: WindowOutcome): Neighbourhood | null {
  if (beside.length === 0) return null;
  const { isGreaterBetter } = objectiveNamed(settings.objectives[0]!);
  const losses = beside.map(({ loss }) => loss).sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  const write = (loss: number | undefined): number | null =>
    loss === undefined || !Number.isFinite(loss) ? null : isGreaterBetter ? -loss : loss;
  // The worse of the two in the middle, so that it is one that was there.
  return { points: losses.length, median: write(losses[losses.length >> 1]), worst: write(losses.at(-1)) };
}

function paretoTable(study: Study, { window, trials, chosen }: WindowOutcome): ParetoTable {
  const objectives = study.settings.objectives.map(objectiveNamed);
  const losses = trials.map(({ outcome }) => objectives.map((objective) => lossOf(objective, outcome.figures)));
  const front = paretoFront(losses).sort((one, other) => trials[one]!.loss - trials[other]!.loss || one - other);
  return {
    fromMs: window.trainFromMs,
    toMs: window.trainToMs,
    points: front.length,
    front: front.slice(0, FRONT_MAX).map((n) => ({ ...judged(study, trials[n]!), isChosen: trials[n] === chosen })),
  };
}
