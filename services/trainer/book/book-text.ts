import { periodsPerYear } from '../../../operators/performance/annualised.ts';
import { assetsOf } from '../../backtest/finish-result.ts';
import { amount, counted, decimal, duration, percent } from '../../backtest/report/numbers.ts';
import { table } from '../../cli/table.ts';
import { chosenSentence } from '../evaluate/choice-text.ts';
import { comparedText } from '../evaluate/comparison-text.ts';
import type { TestedFigures } from '../model/model.ts';
import { clockOf } from '../model/model-clock.ts';
import type { Span } from '../run/bar-data.ts';
import type { BookOutcome } from '../run/run-report.ts';
import type { RunWords } from '../run/run-text.ts';
import type { BookConfig } from './book-config.ts';

const DAY_MS = 86_400_000;
/** A test that is shorter knows too few days. */
const LONG_MS = 60 * DAY_MS;

/** What a run on the book says in its own way. */
export function bookWords(config: BookConfig, { average, tries, validShare }: BookOutcome): RunWords {
  const { levels, features, queue, latency, feeTier } = config;
  return {
    head: [
      `order book, decisions each ${clockOf(config).interval}: ${counted(levels, 'level')} a side, ${counted(features.length, 'feature')}`,
      `queue ${queue}, latency ${latency} ms, VIP level ${feeTier}; the book was valid at ${percent(validShare)} of the test's decisions`,
    ],
    ratios: `; Sharpe ratios of ${duration(average.periodMs)}, not of a year`,
    tableOf: figuresTable,
    averages: [average],
    notes: [
      `Fees in ${assetsOf(config.instrument).quote}.`,
      `random: the seeds' own decisions at other times, the middle one of ${tries} tries, all seeds from the same one.`,
    ],
  };
}

/** What it comes to, good or bad. */
export function bookVerdict(
  { average, comparisons, tries, asGood }: BookOutcome,
  { span, seeds, tried }: { readonly span: Span; readonly seeds: number; readonly tried?: number | undefined },
): string {
  const sentences = average.filled === 0 ? ['It never traded, and so is no better than flat.'] : [];
  if (average.filled > 0) {
    sentences.push(
      `Out of sample the average of ${counted(seeds, 'seed')} ${average.total < 0 ? 'lost' : 'gained'} ${percent(Math.abs(average.total))} after costs: ${comparedText(comparisons)}.`,
      howSure(average),
      `The same decisions at other times gained as much or more in ${asGood} of ${tries} tries.`,
    );
  }
  const chosen = tried === undefined ? [] : [chosenSentence(tried)];
  return [...sentences, ...longRun(span.toMs - span.fromMs), ...chosen].join(' ');
}

function howSure({ sharpeInterval }: TestedFigures): string {
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
function figuresTable(rows: readonly TestedFigures[]): string {
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
