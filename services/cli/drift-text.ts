import { counted, decimal, percent } from '../backtest/report/numbers.ts';
import type { ModelDrift } from '../trader/drift/model-drift.ts';
import { table } from './table.ts';

/** What has drifted of a model that trades, for people. */
export function driftText({ account, model, decisions, features, performance, alarms }: ModelDrift): string {
  const head = `${account}: model ${model}, ${counted(decisions, 'decision')}`;
  const verdict = alarms.length === 0 ? ['No alarm.'] : alarms.map((alarm) => `ALARM: ${alarm}`);
  return [head, ...verdict, '', featureTable(features), '', performanceLine(performance)].join('\n');
}

function featureTable(features: ModelDrift['features']): string {
  if (features?.length === 0) return 'Features: the model observes none of the catalogue.';
  if (features === null) return 'Features: the model was trained on too little to say what is usual.';
  const titles = ['FEATURE', 'VALUES', 'PSI', 'USUAL', 'KS', 'USUAL', 'MEAN', 'VERDICT'];
  const number = (value: number, isKnown = true): string => (isKnown && !Number.isNaN(value) ? decimal(value, 3) : '–');
  const rows = features.map(({ name, count, stability, usualStability, distance, usualDistance, mean, verdict }) => [
    name,
    String(count),
    number(stability, count > 0),
    `≤ ${number(usualStability)}`,
    number(distance, count > 0),
    `≤ ${number(usualDistance)}`,
    number(mean, count > 0),
    verdict === 'too-few' ? 'too few yet' : verdict,
  ]);
  return table(titles, rows, titles.slice(1, -1));
}

function performanceLine({ verdict, periods, found, lowest, median }: ModelDrift['performance']): string {
  if (verdict === 'too-few') return `Return: ${percent(found)}; too few periods yet to hold it against the test.`;
  return `Return: ${percent(found)} in ${counted(periods, 'period')} as long as the test’s; the test lets expect ${percent(median)}, and in 99 of 100 such times more than ${percent(lowest)}.`;
}
