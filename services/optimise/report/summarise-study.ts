import { counted, decimal, duration } from '../../backtest/report/numbers.ts';
import type { WindowOutcome } from '../run-study.ts';
import type { Study } from '../study.ts';
import { inSample } from './in-sample.ts';
import { outOfSample } from './out-of-sample.ts';
import type { StudyReport } from './study-report.ts';
import { studyVerdict } from './study-verdict.ts';

/** Beyond this share of the orders, refusals are no accident. */
const REFUSED_MAX = 0.05;

/** All that a study says. Chance is by generators seeded with its id: the same study, the same report. */
export function summariseStudy(study: Study, outcomes: readonly WindowOutcome[]): StudyReport {
  const { id, settings } = study;
  const result = outOfSample(study, outcomes);
  const searched = inSample(study, outcomes);
  return {
    format: 1,
    id,
    settings,
    verdict: studyVerdict(result, searched, settings.instrument),
    result,
    inSample: searched,
    notes: notes(study, outcomes),
  };
}

function notes({ settings, leftOverMs }: Study, outcomes: readonly WindowOutcome[]): string[] {
  const { purgeMs, embargoMs, space, windows } = settings;
  const gapMs = purgeMs + embargoMs;
  const failed = outcomes.filter(({ test }) => test.failure !== null);
  const edge = space.filter((dimension, n) => {
    const atEdge = outcomes.filter(({ chosen }) => {
      const value = chosen.point[n]!;
      return dimension.least < dimension.most && (value === dimension.least || value === dimension.most);
    });
    return atEdge.length * 2 > outcomes.length;
  });
  const warnings = new Set(outcomes.flatMap(({ test }) => test.warnings));
  return [
    'Each test span begins flat, with the initial balance, and what it holds at its end is valued at the last price less the taker’s fee: nothing is held from one span to the next. Before a test span the strategy sees the training span without trading; training spans begin without having seen anything.',
    ...(gapMs === 0
      ? [
          'Nothing is left out between training and test (purge, embargo): what is decided at the end of the one may still have been open in the other.',
        ]
      : [
          `${duration(gapMs)} are left out between training and test (purge ${duration(purgeMs)}, embargo ${duration(embargoMs)}).`,
        ]),
    ...(leftOverMs > 0
      ? [`The last ${duration(leftOverMs)} of the data are less than a test span, and were not used.`]
      : []),
    ...(windows.length < 4
      ? [`${counted(windows.length, 'test span')} say little of how the choice does from one to the next.`]
      : []),
    ...edge.map(
      ({ name, least, most }) =>
        `${name} was chosen at an end of its range (${least} to ${most}) in most windows: the best may lie beyond it.`,
    ),
    ...failed.map(
      ({ test }) => `The strategy failed on a test span, which counts as no gain and no loss: ${test.failure}`,
    ),
    ...refusals(outcomes),
    ...warnings,
  ];
}

/** Where so many orders did not get through that the result is of another strategy. */
function refusals(outcomes: readonly WindowOutcome[]): string[] {
  const sums = new Map<string, number>();
  for (const { test } of outcomes)
    for (const [reason, count] of Object.entries(test.refused)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  const refused = [...sums.values()].reduce((sum, count) => sum + count, 0);
  const tried = refused + outcomes.reduce((sum, { test }) => sum + test.sent, 0);
  if (refused <= REFUSED_MAX * tried) return [];
  const reasons = [...sums].map(([reason, count]) => `${reason}: ${decimal(count, 0)}`).join(', ');
  return [
    `${counted(refused, 'order')} of the test spans were refused by the exchange or stopped by a risk limit (${reasons}).`,
  ];
}
