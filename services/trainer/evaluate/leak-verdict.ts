import { decimal, utc } from '../../backtest/report/numbers.ts';
import type { LeakageReport } from './evaluation-report.ts';
import type { SpanReport } from './span-report.ts';

/** Of the gain before costs: with less left a candle later, all of it hangs on that candle. */
const GONE_SHARE = 0.2;

export interface LeakVerdict {
  /** `leak`: something is known that cannot be known. `doubt`: it may be, and must be looked at. */
  readonly is: 'leak' | 'doubt' | 'none';
  readonly sentences: readonly string[];
}

/** What cannot be, or hardly can, said plainly. */
export function leakVerdict(
  { foreknown, telling, labels }: Omit<LeakageReport, 'labels'> & Partial<LeakageReport>,
  spans: readonly SpanReport[],
): LeakVerdict {
  const gainsOnNothing = labels?.comparisons.every(({ is }) => is === 'better') === true;
  const ahead = foreknown.map(({ column, timeMs, told, known }) =>
    known === null
      ? `LEAK: ${column} cannot be computed from the candles up to ${utc(timeMs)}, and was said to be ${decimal(told, 6)} then.`
      : `LEAK: ${column} looks ahead: at ${utc(timeMs)} it was said to be ${decimal(told, 6)}, and from the candles up to then it is ${decimal(known, 6)}.`,
  );
  const gained = gainsOnNothing
    ? [
        'LEAK: trained and judged where the candles’ moves were shuffled, so that nothing can be known, it is still better than flat and holding: the gain comes from how it is reckoned.',
      ]
    : [];
  const tells = telling.map(({ column, correlation, late }) => {
    const isAhead = foreknown.some((each) => each.column === column);
    const check = isAhead
      ? 'it contains that candle.'
      : 'computed from the past alone it is the same, so look for stale prices or wrong times in the candles.';
    return `${isAhead ? 'LEAK' : 'LEAK?'}: ${column} correlates with the next candle’s return by ${decimal(correlation)}, and a candle late by ${decimal(late)}: ${check}`;
  });
  const isGone = spans.every(isGoneAfterOne);
  const gone = isGone
    ? [
        'LEAK? With features one candle late nothing is left of the gain before costs: either something knows the next candle, or the edge is over within one, and hangs on being filled at the very next price.',
      ]
    : [];
  const sentences = [...ahead, ...gained, ...tells, ...gone];
  const is = ahead.length + gained.length > 0 ? 'leak' : sentences.length > 0 ? 'doubt' : 'none';
  return { is, sentences };
}

/** Whether the delay of one candle takes a gain that was there. */
function isGoneAfterOne({ delays, average, beforeCosts }: SpanReport): boolean {
  const one = delays.find(({ bars }) => bars === 1);
  return (
    one !== undefined &&
    beforeCosts.is === 'better' &&
    one.loss.is === 'better' &&
    Math.log1p(one.costless.total) < GONE_SHARE * Math.log1p(average.costless.total)
  );
}

/** Before what an evaluation says of the gain. */
export function trustSentence({ is }: LeakVerdict): string[] {
  if (is === 'leak') return ['Do not trust these figures: they rest on what cannot be known live.'];
  return is === 'doubt' ? ['Too good to be trusted before it is looked at.'] : [];
}
