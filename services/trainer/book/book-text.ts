import { periodsPerYear } from '../../../operators/performance/annualised.ts';
import { amount, counted, decimal, duration, percent, utc } from '../../backtest/report/numbers.ts';
import { sparkline } from '../../cli/sparkline.ts';
import { table } from '../../cli/table.ts';
import type { BookFigures, BookJudgement, BookRunReport } from './book-report.ts';

const CURVE_WIDTH = 24;
const DAY_MS = 86_400_000;
/** A test that is shorter knows too few days. */
const LONG_MS = 60 * DAY_MS;

/** A training run on the book for people. */
export function bookText(report: BookRunReport): string {
  const { id, config, train, test, seeds, average, rules, random, periodMs } = report;
  const { every } = config;
  const clock = 'ms' in every ? `each ${duration(every.ms)}` : `each ${counted(every.events, 'event')}`;
  return [
    `run ${id}: ${config.instrument}, order book, decisions ${clock}: ${counted(config.levels, 'level')} a side, ${counted(config.features.length, 'feature')}, ${config.actions.type}, reward ${config.reward.name}`,
    `trained ${utc(train.fromMs)} to ${utc(train.toMs)}, tested ${utc(test.fromMs)} to ${utc(test.toMs)} UTC; backend ${report.backend}`,
    `queue ${config.queue}, latency ${config.latency} ms, VIP level ${config.feeTier}; the book was valid at ${percent(report.validShare)} of the test's decisions`,
    '',
    report.verdict,
    '',
    `TEST PART, WHICH NOTHING WAS LEARNED OF (${duration(test.toMs - test.fromMs)}; Sharpe ratios of ${duration(periodMs)}, not of a year)`,
    figuresTable([...seeds.map(({ tested }) => tested), average, ...rules, random]),
    `random: the seeds' own decisions at other times, the mean of ${random.tries} tries a seed.`,
    '',
    'In-sample: of the part that was learned from, and so no result.',
    figuresTable(seeds.map(({ trained }) => trained)),
    '',
    'Training: mean return of the last 100 episodes, from the first update to the last.',
    table(
      ['SEED', 'STEPS', 'EPISODES'],
      seeds.map(({ seed, steps, curve }) => [String(seed), steps.toLocaleString('en'), sparkline(curve, CURVE_WIDTH)]),
      ['SEED', 'STEPS'],
    ),
  ].join('\n');
}

/** What it comes to, good or bad. */
export function bookVerdict(
  { average, seeds, comparisons, random }: BookJudgement,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): string {
  const sentences = average.filled === 0 ? ['It never traded, and so is no better than flat.'] : [];
  if (average.filled > 0) {
    const missed = comparisons
      .filter(({ is }) => is !== 'better')
      .map(({ name, is }) => (is === 'worse' ? `${name} (worse)` : name));
    const beaten = comparisons.filter(({ is }) => is === 'better').map(({ name }) => name);
    const compared = [
      ...(missed.length === 0 ? [] : [`no better than ${missed.join(', ')}`]),
      ...(beaten.length === 0 ? [] : [`better than ${beaten.join(', ')}`]),
    ].join('; ');
    sentences.push(
      `Out of sample the average of ${counted(seeds.length, 'seed')} ${average.total < 0 ? 'lost' : 'gained'} ${percent(Math.abs(average.total))} after costs: ${compared}.`,
      howSure(average),
      `The same decisions at other times gained as much or more in ${random.asGood} of ${random.tries} tries.`,
    );
  }
  return [...sentences, ...longRun(toMs - fromMs)].join(' ');
}

function howSure({ sharpeInterval }: BookFigures): string {
  if (sharpeInterval === null) return 'There are too few returns to say how sure that is.';
  if (sharpeInterval.low > 0) return 'The 95 % interval of its Sharpe ratio lies above 0.';
  if (sharpeInterval.high < 0)
    return 'That is no bad luck within this test: the 95 % interval of its Sharpe ratio lies below 0.';
  return 'The 95 % interval of its Sharpe ratio holds 0: it cannot be told from luck.';
}

function longRun(spanMs: number): string[] {
  if (spanMs >= LONG_MS) return [];
  const what = spanMs < DAY_MS ? 'nothing' : 'little';
  return [
    `A test of ${duration(spanMs)} can tell ${what} about the long run: it is one moment of one market, and intervals know only what was in it.`,
  ];
}

/** Ratios of a period: of a year they would mean nothing, as nobody has seen one. */
function figuresTable(rows: readonly BookFigures[]): string {
  const head = ['', 'RETURN', 'SHARPE', '95 %', 'DRAWDOWN', 'FILLS', 'FEES'];
  return table(
    head,
    rows.map(({ name, total, sharpe, sharpeInterval, periodMs, maxDrawdown, filled, fees }) => {
      const ofPeriod = (value: number): string => decimal(value / Math.sqrt(periodsPerYear(periodMs)), 3);
      return [
        name,
        percent(total),
        sharpe === null ? decimal(null) : ofPeriod(sharpe),
        sharpeInterval === null ? '–' : `${ofPeriod(sharpeInterval.low)} to ${ofPeriod(sharpeInterval.high)}`,
        percent(maxDrawdown),
        decimal(filled, Number.isInteger(filled) ? 0 : 1),
        amount(fees),
      ];
    }),
    head.slice(1),
  );
}
