import { quantile } from '../../../operators/performance/interval.ts';
import { counted, decimal, percent, range } from '../../backtest/report/numbers.ts';
import { comparedText } from './comparison-text.ts';
import type { SpanReport } from './span-report.ts';

const P_MAX = 0.05;

/** In one sentence what the average of the agents is better than, in every span with costs, or no better than. */
export function comparedSentence(spans: readonly SpanReport[], where: string): string {
  const missed = missedBy(spans);
  if (missed.length === 0) return `Better than ${spans[0]!.comparisons.map(({ name }) => name).join(', ')}, ${where}.`;
  return `${missed.includes('flat') ? 'No edge was found: no' : 'No'} better than ${missed.join(', ')}.`;
}

/** Names of what is not beaten in every span. */
export function missedBy(spans: readonly SpanReport[]): string[] {
  const names = spans[0]!.comparisons.map(({ name }) => name);
  return names.filter((name) =>
    spans.some(({ comparisons }) => comparisons.find((each) => each.name === name)?.is !== 'better'),
  );
}

/** What a span says of agents: all of it with costs where not said otherwise. */
export function spanVerdict(span: SpanReport): string {
  const { agents, average, comparisons } = span;
  if (average.filled === 0) return 'It never traded, and so is no better than flat.';
  const ratios = agents.map(({ costed }) => costed.sharpe ?? 0).sort((one, other) => one - other);
  const { sharpeInterval, total } = average.costed;
  return [
    `a median Sharpe ratio of ${decimal(quantile(ratios, 0.5))} over ${counted(agents.length, 'seed')};`,
    `their average ${total < 0 ? 'lost' : 'gained'} ${percent(Math.abs(total))}, Sharpe ratio with 95 % confidence ${range(sharpeInterval, decimal)}.`,
    `${capital(comparedText(comparisons))}.`,
    ...timingSentence(span),
    costSentence(span),
  ].join(' ');
}

function timingSentence({ random: { tries, asGood, pValue } }: SpanReport): string[] {
  if (tries === 0) return [];
  const worth = pValue <= P_MAX ? '' : ': its timing cannot be told from chance';
  return [`The same decisions at other times gained as much or more in ${asGood} of ${tries} tries${worth}.`];
}

function costSentence({ average, beforeCosts, comparisons }: SpanReport): string {
  const { gross, net } = average.attribution;
  const isBetter = comparisons.some(({ name, is }) => name === 'flat' && is === 'better');
  if (isBetter && gross > 0) return `Costs took ${percent((gross - net) / gross, 0)} of the gross gain.`;
  if (beforeCosts.is === 'better')
    return 'Without costs it is better than flat: costs take more than there is to gain.';
  return beforeCosts.is === 'worse' ? 'Even without costs it loses.' : 'Even without costs it is no better than flat.';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
