import { counted as countOf, decimal, percent } from '../../backtest/report/numbers.ts';
import type { SpanReport } from './span-report.ts';

/** As for every deflated Sharpe ratio. */
const DEFLATED_MIN = 0.95;

/** How much of the best seed is luck. */
export function luckSentence({ luck, agents, average }: SpanReport): string {
  const { deflatedSharpe, counted, overfitting, realityCheck, best } = luck;
  if (average.filled === 0 || deflatedSharpe === null) return 'Nothing was traded, and so there is no luck to judge.';
  const deflated = `The deflated Sharpe ratio of the best seed (${agents[best]!.name}, of ${countOf(counted.trials, 'trial')}) is ${decimal(deflatedSharpe)}: ${deflatedSharpe >= DEFLATED_MIN ? 'more than the luck of the best of them' : 'the best of so many may well be luck'}`;
  const check = realityCheck === null ? '' : `, reality check of the seeds p ${decimal(realityCheck, 3)}`;
  const alone = agents.length + counted.compared < 2;
  if (overfitting === null)
    return `${deflated}${check}. ${alone ? 'With one seed and nothing else over the same time' : 'With so few periods'} there is no probability of backtest overfitting.`;
  const among =
    counted.compared === 0
      ? 'of the seed'
      : `among ${countOf(agents.length, 'seed')} and ${decimal(counted.compared, 0)} that were looked at over the same time before`;
  return `${deflated}${check}. Probability of backtest overfitting by the choice ${among}: ${percent(overfitting, 0)}, ${choiceSays(overfitting, counted.compared > 0)}.`;
}

function choiceSays(overfitting: number, isOfConfigs: boolean): string {
  const what = isOfConfigs ? 'configuration' : 'seed';
  if (overfitting >= 0.5) return `which ${what} is best is luck, so count on the median and not on the best`;
  return `a ${what} that was better stays better more often than not`;
}

/** What the luck is reckoned with, and what it is not. @param span as it is called */
export function countedSentence({ luck: { counted } }: SpanReport, span = 'the span'): string {
  const { own, earlier, runs, evaluations, tried, unfinished, elsewhere, unread } = counted;
  const by = listed([countOf(runs, 'run'), countOf(evaluations, 'evaluation')], [runs, evaluations]);
  const before =
    by === ''
      ? `no run or evaluation that is known here has looked at ${span} before`
      : `${decimal(earlier, 0)} others in ${by} that looked at ${span} before`;
  const told = tried === 0 ? '' : `; ${countOf(tried, 'configuration')} told by --tried, as often as seeds are judged`;
  const left = listed(
    [
      `${countOf(unfinished, 'run')} that came to no end`,
      `${countOf(elsewhere, 'run')} on other candles or on the book`,
      `${countOf(unread, 'evaluation')} that does not say of what`,
    ],
    [unfinished, elsewhere, unread],
  );
  const rest = `${left === '' ? '' : `${left}, `}in-sample figures, and what was looked at elsewhere or taken away`;
  return `Counted as trials: ${decimal(own, 0)} judged now; ${before}${told}. Not counted: ${rest}.`;
}

/** Whether a span that nothing in this evaluation has touched was looked at before. */
export function isUntouched({ luck: { counted } }: SpanReport): boolean {
  return counted.earlier + counted.tried === 0;
}

/** Those whose count is above 0. */
function listed(texts: readonly string[], counts: readonly number[]): string {
  return texts.filter((_, n) => counts[n]! > 0).join(' and ');
}
