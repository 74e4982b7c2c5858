import { assetsOf } from '../../backtest/finish-result.ts';
import { amount, counted, decimal, duration, percent, range, utc } from '../../backtest/report/numbers.ts';
import { table } from '../../cli/table.ts';
import type { BarData } from '../run/bar-data.ts';
import type { EvaluationReport, FoldReport } from './evaluation-report.ts';
import type { Figures } from './figures.ts';
import { isUntouched } from './luck-verdict.ts';
import type { OutcomeReport, SpanReport } from './span-report.ts';

/** An evaluation for people. */
export function evaluationText(data: BarData, report: EvaluationReport): string {
  const { config, features } = data;
  const { folds, walkForward, test, purgeMs, embargoMs, leakage, seeds } = report;
  const left = `${duration(purgeMs + embargoMs)} left out between training and test (purge ${duration(purgeMs)}, embargo ${duration(embargoMs)})`;
  return [
    `${config.instrument}, candles of ${config.interval}: ${counted(features.columns.length, 'feature')}, ${config.actions.type}, reward ${config.reward.name ?? config.reward.file}; ${counted(seeds.length, 'seed')}, backend ${report.backend}`,
    left,
    unitsNote(data),
    ...fundingNote(data),
    '',
    report.verdict,
    '',
    `WALK-FORWARD, OUT OF SAMPLE: ${counted(folds.length, 'fold')}, ${utc(walkForward.fromMs)} to ${utc(walkForward.toMs)} UTC`,
    spanText(walkForward),
    '',
    foldTable(folds),
    '',
    `${isUntouched(test) ? 'UNTOUCHED TEST SPAN' : 'TEST SPAN, LOOKED AT BEFORE'}: ${utc(test.fromMs)} to ${utc(test.toMs)} UTC, trained ${utc(test.train.fromMs)} to ${utc(test.train.toMs)}`,
    spanText(test),
    '',
    'LEAKAGE: last fold of the walk-forward, average of the seeds',
    figuresTable([
      ['as it was', leakage.labels.real],
      ['moves shuffled', leakage.labels.shuffled],
    ]),
  ].join('\n');
}

/** In what the figures of the tables are. */
export function unitsNote({ config }: Pick<BarData, 'config'>): string {
  return `Amounts in ${assetsOf(config.instrument).quote}; Sharpe ratios of a year.`;
}

/** A line where no one pays or receives funding, since none is recorded. */
export function fundingNote({ funding }: Pick<BarData, 'funding'>): string[] {
  if (funding.recording !== undefined) return [];
  return [
    'No funding is recorded for these candles, and so none is paid: neither by the agents nor by what they are compared with.',
  ];
}

/** Tables of one span. Each fold begins with the balance; amounts are their sums. */
export function spanText(span: SpanReport): string {
  const { agents, average, rules, random, delays } = span;
  const all = [...agents, ...(agents.length > 1 ? [average] : [])];
  return [
    outcomeTable([...all, ...rules], random),
    '',
    attributionTable([...all, ...rules]),
    ...(delays.length === 0 ? [] : ['', 'Features that come late, average of the seeds:', delayTable(span)]),
  ].join('\n');
}

function outcomeTable(outcomes: readonly OutcomeReport[], random: SpanReport['random']): string {
  const head = ['', 'RETURN', 'SHARPE', '95 %', 'DRAWDOWN', 'FILLS', 'NO COSTS: RETURN', 'SHARPE'];
  const rows = outcomes.map(({ name, costed, costless, filled }) => [
    name,
    ...cells(costed),
    decimal(filled, 0),
    percent(costless.total),
    decimal(costless.sharpe),
  ]);
  const chance = random.tries === 0 ? [] : [['random', ...cells(random.figures), '', '', '']];
  return table(head, [...rows, ...chance], head.slice(1));
}

/** Quote asset. */
function attributionTable(outcomes: readonly OutcomeReport[]): string {
  const head = ['', 'GROSS', 'DELAY', 'SPREAD', 'FEES', 'LIQUIDATIONS', 'FUNDING', 'NET'];
  const rows = outcomes.map(({ name, attribution }) => {
    const { gross, delay, spread, fees, liquidationFees, funding, insurance, net } = attribution;
    const paid = [delay, spread, fees, liquidationFees - insurance].map((cost) => amount(0 - cost));
    return [name, amount(gross), ...paid, amount(funding), amount(net)];
  });
  return table(head, rows, head.slice(1));
}

function delayTable({ delays, average }: SpanReport): string {
  const head = ['CANDLES', 'RETURN', 'SHARPE', 'NO COSTS: RETURN', 'SHARPE'];
  const rows = [{ bars: 0, ...average }, ...delays].map(({ bars, costed, costless }) => [
    String(bars),
    ...[costed, costless].flatMap(({ total, sharpe }) => [percent(total), decimal(sharpe)]),
  ]);
  return table(head, rows, head);
}

function foldTable(folds: readonly FoldReport[]): string {
  const head = ['FOLD', 'TRAINED TO', 'TESTED', 'TO', 'SHARPE IN-SAMPLE (NO RESULT)', 'OUT OF SAMPLE', 'HOLDING'];
  const rows = folds.map(({ train, test, inSample, outOfSample, holding }, n) => [
    String(n + 1),
    ...[train.toMs, test.fromMs, test.toMs].map((timeMs) => utc(timeMs).slice(0, 16)),
    ...[inSample, outOfSample].map((ratios) => ratios.map((ratio) => decimal(ratio)).join(', ')),
    decimal(holding.sharpe),
  ]);
  return table(head, rows, head.slice(4));
}

function figuresTable(rows: readonly (readonly [string, Figures])[]): string {
  const head = ['', 'RETURN', 'SHARPE', '95 %', 'DRAWDOWN'];
  return table(
    head,
    rows.map(([name, figures]) => [name, ...cells(figures)]),
    head.slice(1),
  );
}

function cells({ total, sharpe, sharpeInterval, maxDrawdown }: Figures): string[] {
  return [percent(total), decimal(sharpe), range(sharpeInterval, decimal), percent(maxDrawdown)];
}
