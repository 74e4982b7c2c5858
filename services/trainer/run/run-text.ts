import { counted, decimal, duration, percent, utc } from '../../backtest/report/numbers.ts';
import { table } from '../../cli/table.ts';
import type { BarData } from './bar-data.ts';
import type { Judgement } from './judge.ts';
import type { TrainReport } from './train-run.ts';

/** A training run for people. */
export function trainText(data: BarData, report: TrainReport): string {
  const { config, train, test, features } = data;
  const head = [
    `${config.instrument}, candles of ${config.interval}: ${counted(features.columns.length, 'feature')}, ${config.actions.type}, reward ${config.reward.name}`,
    `trained ${utc(train.fromMs)} to ${utc(train.toMs)}, tested ${utc(test.fromMs)} to ${utc(test.toMs)} UTC; backend ${report.backend}`,
  ];
  const runs = report.runs.map(({ tested }) => tested);
  const trained = report.runs.map(({ trained: on }) => on);
  return [
    ...head,
    '',
    trainVerdict(report),
    '',
    `TEST SPAN, WHICH NOTHING WAS LEARNED OF (${duration(test.toMs - test.fromMs)})`,
    judgementTable([...runs, ...report.baselines]),
    '',
    'In-sample: of the span that was learned from, and so no result.',
    judgementTable(trained),
    '',
    ...report.runs.map(
      ({ seed, steps, seconds }) =>
        `seed ${seed}: ${steps.toLocaleString('en')} steps in ${seconds.toFixed(0)} s, ${Math.round(steps / seconds).toLocaleString('en')} steps/s`,
    ),
  ].join('\n');
}

/** What it comes to, in a few sentences, good or bad. */
export function trainVerdict({ runs, baselines }: TrainReport): string {
  const sharpes = runs.map(({ tested }) => tested.sharpe ?? 0).sort((a, b) => a - b);
  const median = sharpes[sharpes.length >> 1]!;
  const better = (name: string): boolean => {
    const other = baselines.find((baseline) => baseline.name === name)!;
    return runs.every(({ tested }) => (tested.sharpe ?? 0) > (other.sharpe ?? 0));
  };
  const beaten = baselines.map(({ name }) => name).filter(better);
  const missed = baselines.map(({ name }) => name).filter((name) => !better(name));
  const compared =
    missed.length === 0
      ? `With every seed better than ${beaten.join(', ')}.`
      : `No better than ${missed.join(', ')}${beaten.length === 0 ? '' : `; with every seed better than ${beaten.join(', ')}`}.`;
  return `Out of sample: a median Sharpe ratio of ${decimal(median)} over ${counted(runs.length, 'seed')}. ${compared} ${howSure(runs)}`;
}

function howSure(runs: TrainReport['runs']): string {
  const intervals = runs.map(({ tested }) => tested.sharpeInterval);
  if (intervals.every((interval) => interval !== null && interval.low > 0))
    return 'For every seed the 95 % interval of the Sharpe ratio lies above 0.';
  if (intervals.every((interval) => interval !== null && interval.high < 0))
    return 'That is no bad luck: for every seed the 95 % interval of the Sharpe ratio lies below 0.';
  return 'For at least one seed the 95 % interval of the Sharpe ratio holds 0: it cannot be told from luck.';
}

function judgementTable(judgements: readonly Judgement[]): string {
  const rows = judgements.map(({ name, total, sharpe, sharpeInterval, maxDrawdown, filled, fees, funding }) => [
    name,
    percent(total),
    decimal(sharpe),
    sharpeInterval === null ? '–' : `${decimal(sharpeInterval.low)} to ${decimal(sharpeInterval.high)}`,
    percent(maxDrawdown),
    String(filled),
    decimal(fees),
    decimal(funding),
  ]);
  const head = ['', 'RETURN', 'SHARPE', '95 %', 'DRAWDOWN', 'FILLS', 'FEES', 'FUNDING'];
  return table(head, rows, head.slice(1));
}
