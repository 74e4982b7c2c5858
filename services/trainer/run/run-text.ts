import { quantile } from '../../../operators/performance/interval.ts';
import { counted, decimal, duration, utc } from '../../backtest/report/numbers.ts';
import { sparkline } from '../../cli/sparkline.ts';
import { table } from '../../cli/table.ts';
import { bookWords } from '../book/book-text.ts';
import { choiceSentence, chosenSentence } from '../evaluate/choice-text.ts';
import { comparedText } from '../evaluate/comparison-text.ts';
import type { Comparison } from '../evaluate/figures.ts';
import type { TestedFigures } from '../model/model.ts';
import { testedTable, testedUnits } from '../registry/tested-table.ts';
import type { RunReport, SeedReport } from './run-report.ts';
import type { StudyOutcome } from './run-study.ts';
import type { TrainConfig } from './train-config.ts';
import { warmStartText } from './warm-start-text.ts';

/** Of the learning curves. */
const CURVE_WIDTH = 24;

/** What a run says in its own way on candles and on a book. */
export interface RunWords {
  /** Of what, by what, and on what terms: lines. */
  readonly head: readonly string[];
  /** Beside the heading of the test span. */
  readonly ratios: string;
  readonly tableOf: (figures: readonly TestedFigures[]) => string;
  /** What stands between the seeds and the baselines. */
  readonly averages: readonly TestedFigures[];
  /** Below the table of the test span. */
  readonly notes: readonly string[];
}

/** A training run for people. */
export function trainText(report: RunReport): string {
  const { id, config, train, test, validation, study, seeds, baselines, book } = report;
  const { head, ratios, tableOf, averages, notes } =
    'environment' in config ? bookWords(config, book!) : barWords(config);
  const [first, ...terms] = head;
  return [
    `run ${id}: ${config.instrument}, ${first}, ${config.actions.type}, reward ${config.reward.name ?? config.reward.file}`,
    `trained ${utc(train.fromMs)} to ${utc(train.toMs)}, tested ${utc(test.fromMs)} to ${utc(test.toMs)} UTC; backend ${report.backend}`,
    ...terms,
    ...(validation === null
      ? []
      : [
          `the policy that is judged is each seed's best on ${utc(validation.fromMs)} to ${utc(validation.toMs)}, the end of the training span, which was not learned of`,
        ]),
    ...(study === null ? [] : ['', studyText(study)]),
    '',
    report.verdict,
    '',
    `TEST SPAN, WHICH NOTHING WAS LEARNED OF (${duration(test.toMs - test.fromMs)}${ratios})`,
    tableOf([...seeds.map(({ tested }) => tested), ...averages, ...baselines]),
    ...notes,
    '',
    'In-sample: of the span that was learned from, and so no result.',
    tableOf(seeds.map(({ trained }) => trained)),
    '',
    'Training: mean return of the last 100 episodes, from the first update to the last.',
    seedTable(seeds),
    ...seeds.flatMap(({ seed, warmStart }) => (warmStart === undefined ? [] : [warmStartText(seed, warmStart)])),
    ...seeds.flatMap(({ seed, chosen }) =>
      chosen === null ? [] : [choiceSentence(chosen.luck, `looks at seed ${seed}`)],
    ),
    '',
    `Go on with a seed's model: don backtest model:${seeds[0]!.model} --instrument ${config.instrument}`,
  ].join('\n');
}

function barWords({ instrument, interval, features }: TrainConfig): RunWords {
  const head = [`candles of ${interval}: ${counted(features.length, 'feature')}`];
  return { head, ratios: '', tableOf: testedTable, averages: [], notes: [testedUnits(instrument)] };
}

interface Judged {
  readonly tested: Pick<TestedFigures, 'sharpe' | 'sharpeInterval'>;
}

/** What it comes to, in a few sentences, good or bad. */
export function trainVerdict({
  runs,
  comparisons,
  tried,
}: {
  readonly runs: readonly Judged[];
  /** Of the average of the runs, with each baseline. */
  readonly comparisons: readonly Pick<Comparison, 'name' | 'is'>[];
  /** Settings that were tried on the validation span. */
  readonly tried?: number | undefined;
}): string {
  const sharpes = runs.map(({ tested }) => tested.sharpe ?? 0).sort((a, b) => a - b);
  const median = quantile(sharpes, 0.5);
  const chosen = tried === undefined ? '' : ` ${chosenSentence(tried)}`;
  return `Out of sample: a median Sharpe ratio of ${decimal(median)} over ${counted(runs.length, 'seed')}; on average ${comparedText(comparisons)}. ${howSure(runs)}${chosen}`;
}

function howSure(runs: readonly Judged[]): string {
  const intervals = runs.map(({ tested }) => tested.sharpeInterval);
  if (intervals.every((interval) => interval !== null && interval.low > 0))
    return 'For every seed the 95 % interval of the Sharpe ratio lies above 0.';
  if (intervals.every((interval) => interval !== null && interval.high < 0))
    return 'That is no bad luck: for every seed the 95 % interval of the Sharpe ratio lies below 0.';
  return 'For at least one seed the 95 % interval of the Sharpe ratio holds 0: it cannot be told from luck.';
}

function studyText({ trials, chosen, luck }: StudyOutcome): string {
  const names = Object.keys(trials[0]!.settings);
  const rows = trials.map(({ settings, halts }, trial) => [
    `${trial}${trial === chosen ? ' chosen' : ''}`,
    ...names.map((name) => String(Number(settings[name]!.toPrecision(4)))),
    halts.map(({ sharpe }) => decimal(sharpe)).join(', '),
    decimal(halts.at(-1)!.step, 0),
  ]);
  const head = ['TRIAL', ...names, 'SHARPE AT EACH HALT', 'STEPS'];
  return [
    'Study: Sharpe ratios on the validation span; at each halt the best go on.',
    table(head, rows, head.slice(1)),
    ...luck.map(({ step, ...choice }) => choiceSentence(choice, `trials at ${decimal(step, 0)} steps`)),
  ].join('\n');
}

function seedTable(seeds: readonly SeedReport[]): string {
  const rows = seeds.map(({ seed, steps, chosen, curve, model }) => [
    String(seed),
    decimal(steps, 0),
    chosen === null ? 'the last' : `${decimal(chosen.globalStep, 0)}${chosen.hasStopped ? ', then stopped' : ''}`,
    sparkline(curve, CURVE_WIDTH),
    model,
  ]);
  return table(['SEED', 'STEPS', 'POLICY OF STEP', 'EPISODES', 'MODEL'], rows, ['SEED', 'STEPS']);
}
