import type { BarData, Span } from '../run/bar-data.ts';
import type { LeakageReport } from './evaluation-report.ts';
import { leakVerdict, trustSentence } from './leak-verdict.ts';
import { foreknownFeatures, tellingFeatures } from './looks-ahead.ts';
import { countedSentence, luckSentence } from './luck-verdict.ts';
import { evaluateSpan, type NamedPolicy, type SpanOptions } from './span-evaluation.ts';
import { type SpanReport, spanReport, type TriedBefore } from './span-report.ts';
import { comparedSentence, spanVerdict } from './span-verdict.ts';

/** What is said of policies that were trained elsewhere. Plain data. */
export interface PoliciesReport {
  readonly verdict: string;
  readonly span: SpanReport;
  readonly leakage: Omit<LeakageReport, 'labels'>;
}

/**
 * Judges trained policies over a span that they have learned nothing of: beside flat, holding, their own decisions at other
 * times and a simple rule, with and without costs, with features that come late. Nothing is trained.
 * @param data with the normalisation that they have learned with
 */
export function evaluatePolicies(
  data: BarData,
  span: Span,
  policies: readonly NamedPolicy[],
  { trials, looks, tried, ...options }: SpanOptions & TriedBefore = {},
): PoliciesReport {
  const leakage = { foreknown: foreknownFeatures(data), telling: tellingFeatures(data, span) };
  const report = spanReport(evaluateSpan(data, span, policies, options), { trials, looks, tried });
  const leak = leakVerdict(leakage, [report]);
  const verdict = [
    [...trustSentence(leak), comparedSentence([report], 'out of sample')].join(' '),
    ...leak.sentences,
    `Out of sample: ${spanVerdict(report)}`,
    luckSentence(report),
    countedSentence(report),
  ].join('\n');
  return { verdict, span: report, leakage };
}
