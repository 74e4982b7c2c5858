import { counted, decimal, duration, percent, utc } from '../../backtest/report/numbers.ts';
import { sparkline } from '../../cli/sparkline.ts';
import { table } from '../../cli/table.ts';
import type { TestedFigures } from '../model/model.ts';
import type { RunReport, SeedReport } from './run-report.ts';
import type { StudyOutcome } from './run-study.ts';
import type { Varied } from './train-study.ts';

/** Of the learning curves. */
const CURVE_WIDTH = 24;

/** A training run for people. */
export function trainText(report: RunReport): string {
  const { id, config, train, test, validation, study, seeds, baselines } = report;
  const reward = config.reward.name ?? config.reward.file;
  return [
    `run ${id}: ${config.instrument}, candles of ${config.interval}: ${counted(config.features.length, 'feature')}, ${config.actions.type}, reward ${reward}`,
    `trained ${utc(train.fromMs)} to ${utc(train.toMs)}, tested ${utc(test.fromMs)} to ${utc(test.toMs)} UTC; backend ${report.backend}`,
    ...(validation === null
      ? []
      : [
          `the policy that is judged is each seed's best on ${utc(validation.fromMs)} to ${utc(validation.toMs)}, the end of the training span, which was not learned of`,
        ]),
    ...(study === null ? [] : ['', studyText(study)]),
    '',
    report.verdict,
    '',
    `TEST SPAN, WHICH NOTHING WAS LEARNED OF (${duration(test.toMs - test.fromMs)})`,
    judgementTable([...seeds.map(({ tested }) => tested), ...baselines]),
    '',
    'In-sample: of the span that was learned from, and so no result.',
    judgementTable(seeds.map(({ trained }) => trained)),
    '',
    'Training: mean return of the last 100 episodes, from the first update to the last.',
    seedTable(seeds),
    '',
    `Go on with a seed's model: don backtest model:${seeds[0]!.model} --instrument ${config.instrument}`,
  ].join('\n');
}

interface Judged {
  readonly tested: Pick<TestedFigures, 'sharpe' | 'sharpeInterval'>;
}

/** What it comes to, in a few sentences, good or bad. */
export function trainVerdict({
  runs,
  baselines,
  tried,
}: {
  readonly runs: readonly Judged[];
  readonly baselines: readonly Pick<TestedFigures, 'name' | 'sharpe'>[];
  /** Settings that were tried on the validation span. */
  readonly tried?: number | undefined;
}): string {
  const sharpes = runs.map(({ tested }) => tested.sharpe ?? 0).sort((a, b) => a - b);
  const median = sharpes[sharpes.length >> 1]!;
  const better = (name: string): boolean => {
    const other = baselines.find((baseline) => baseline.name === name)!;
    return runs.every(({ tested }) => (tested.sharpe ?? 0) > (other.sharpe ?? 0));
  };
  const beaten = baselines.map(({ name }) => name).filter(better);
  const missed = baselines.map(({ name }) => name).filter((name) => !better(name));
  const compared =
    missed.length === 0
      ? `With every seed better than ${beaten.join(', ')}.`
      : `No better than ${missed.join(', ')}${beaten.length === 0 ? '' : `; with every seed better than ${beaten.join(', ')}`}.`;
  const chosen =
    tried === undefined
      ? ''
      : ` The settings are those of ${tried} that were best on the validation span, and were tested once.`;
  return `Out of sample: a median Sharpe ratio of ${decimal(median)} over ${counted(runs.length, 'seed')}. ${compared} ${howSure(runs)}${chosen}`;
}

function howSure(runs: readonly Judged[]): string {
  const intervals = runs.map(({ tested }) => tested.sharpeInterval);
  if (intervals.every((interval) => interval !== null && interval.low > 0))
    return 'For every seed the 95 % interval of the Sharpe ratio lies above 0.';
  if (intervals.every((interval) => interval !== null && interval.high < 0))
    return 'That is no bad luck: for every seed the 95 % interval of the Sharpe ratio lies below 0.';
  return 'For at least one seed the 95 % interval of the Sharpe ratio holds 0: it cannot be told from luck.';
}

function judgementTable(judgements: readonly TestedFigures[]): string {
  const rows = judgements.map(({ name, total, sharpe, sharpeInterval, maxDrawdown, filled, fees, funding }) => [
    name,
    percent(total),
    decimal(sharpe),
    sharpeInterval === null ? '–' : `${decimal(sharpeInterval.low)} to ${decimal(sharpeInterval.high)}`,
    percent(maxDrawdown),
    String(filled),
    decimal(fees),
    decimal(funding),
  ]);
  const head = ['', 'RETURN', 'SHARPE', '95 %', 'DRAWDOWN', 'FILLS', 'FEES', 'FUNDING'];
  return table(head, rows, head.slice(1));
}

function studyText({ trials, chosen }: StudyOutcome): string {
  const names = Object.keys(trials[0]!.settings) as Varied[];
  const rows = trials.map(({ settings, halts }, trial) => [
    `${trial}${trial === chosen ? ' chosen' : ''}`,
    ...names.map((name) => String(Number(settings[name]!.toPrecision(4)))),
    halts.map(({ sharpe }) => decimal(sharpe)).join(', '),
    halts.at(-1)!.step.toLocaleString('en'),
  ]);
  const head = ['TRIAL', ...names, 'SHARPE AT EACH HALT', 'STEPS'];
  return `Study: Sharpe ratios on the validation span; at each halt the best go on.\n${table(head, rows, head.slice(1))}`;
}

function seedTable(seeds: readonly SeedReport[]): string {
  const rows = seeds.map(({ seed, steps, chosen, curve, model }) => [
    String(seed),
    steps.toLocaleString('en'),
    chosen === null
      ? 'the last'
      : `${chosen.globalStep.toLocaleString('en')}${chosen.hasStopped ? ', then stopped' : ''}`,
    sparkline(curve, CURVE_WIDTH),
    model,
  ]);
  return table(['SEED', 'STEPS', 'POLICY OF STEP', 'EPISODES', 'MODEL'], rows, ['SEED', 'STEPS']);
}
