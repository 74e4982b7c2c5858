import { counted, decimal } from '../../backtest/report/numbers.ts';
import type { EvaluationReport } from './evaluation-report.ts';
import { leakVerdict, trustSentence } from './leak-verdict.ts';
import { countedSentence, isUntouched, luckSentence } from './luck-verdict.ts';
import { comparedSentence, missedBy, spanVerdict } from './span-verdict.ts';

/** What an evaluation comes to, good or bad: a line each on the whole, on leaks, both spans, luck, and where it comes from. */
export function evaluationVerdict(report: Omit<EvaluationReport, 'verdict'>): string {
  const { walkForward, test, leakage, folds } = report;
  const spans = [walkForward, test];
  const leak = leakVerdict(leakage, spans);
  const testName = isUntouched(test) ? 'untouched test span' : 'test span, which is not untouched';
  const isOtherwise = missedBy(spans).length === 0 && isAsGoodShuffled(report);
  return [
    [
      ...trustSentence(leak),
      comparedSentence(spans, `both in the walk-forward and on the ${testName}`),
      ...(isOtherwise ? ['But that does not come from the features.'] : []),
    ].join(' '),
    ...leak.sentences,
    `Out of sample, walk-forward over ${counted(folds.length, 'fold')}: ${spanVerdict(walkForward)}`,
    `Out of sample, ${testName}: ${spanVerdict(test)}`,
    `Walk-forward: ${luckSentence(walkForward)} ${countedSentence(walkForward, 'its span')}`,
    `Test span: ${luckSentence(test)} ${countedSentence(test, 'it')}`,
    sourceSentence(report),
  ].join('\n');
}

/** Whether the gain comes from what the features say, and when they must say it. */
function sourceSentence(report: Omit<EvaluationReport, 'verdict'>): string {
  const { walkForward, test } = report;
  if ([walkForward, test].every(({ beforeCosts }) => beforeCosts.is !== 'better'))
    return 'There is no gain, even before costs, that could come from the features.';
  return [labelSentence(report), ...lateSentence(report)].join(' ');
}

function isAsGoodShuffled({ leakage: { labels } }: Pick<EvaluationReport, 'leakage'>): boolean {
  const { real, shuffled } = labels;
  return (shuffled.sharpe ?? 0) > 0 && shuffled.sharpe! >= (real.sharpeInterval?.low ?? Number.NEGATIVE_INFINITY);
}

function labelSentence(report: Omit<EvaluationReport, 'verdict'>): string {
  const { real, shuffled } = report.leakage.labels;
  if (shuffled.sharpe === null) return 'Trained where the candles’ moves are shuffled it does not trade.';
  const both = `the Sharpe ratio of the last fold is ${decimal(shuffled.sharpe)} in place of ${decimal(real.sharpe)}`;
  const where = 'Trained and judged where the candles’ moves are shuffled,';
  if (isAsGoodShuffled(report))
    return `${where} ${both}, which is as good: the result does not come from the features.`;
  const isTold = real.sharpeInterval !== null && shuffled.sharpe < real.sharpeInterval.low;
  return `${where} ${both}${isTold ? ': the gain is gone, as it must be' : ': on that fold the two cannot be told apart'}.`;
}

function lateSentence({ walkForward }: Omit<EvaluationReport, 'verdict'>): string[] {
  const late = walkForward.delays.at(-1);
  if (late === undefined) return [];
  const how = `With features ${counted(late.bars, 'candle')} late`;
  return [
    late.loss.is === 'better'
      ? `${how} the gain before costs is less, as it must be.`
      : `${how} it is as good before costs: what they say at the time adds nothing that can be told.`,
  ];
}
