import { amount, counted, decimal, duration, percent, range, signed, utc } from '../../backtest/report/numbers.ts';
import { table } from '../../cli/table.ts';
import { objectiveNamed } from '../objectives.ts';
import type { JudgedPoint, StudyReport } from './study-report.ts';

/** A study's report for the terminal. */
export function studyText(report: StudyReport): string {
  const { id, settings, result, verdict, notes } = report;
  const { strategy, instrument, recording, search, trials, space, windows } = settings;
  const ranges = space.map(({ name, least, most }) => `${name} ${least} to ${most}`).join(', ');
  const head = [
    `${strategy} on ${instrument}: ${search} search of ${ranges}`,
    `${counted(windows.length, 'window')} of at most ${counted(trials, 'trial')}, recording ${recording}, study ${id}`,
    '',
    verdict,
  ].join('\n');
  return [
    head,
    `OUT OF SAMPLE, ${utc(result.fromMs)} to ${utc(result.toMs)} UTC\n${resultTable(report)}`,
    spanTable(report),
    `${report.inSample.says}\n${windowTable(report)}`,
    stabilityTable(report),
    paretoText(report),
    notes.map((note) => `! ${note}`).join('\n'),
  ].join('\n\n');
}

/** The figures of the test spans, with where they lie. */
function resultRows({ result }: StudyReport): [name: string, value: string, interval: string][] {
  const { intervals } = result;
  const period = duration(result.periodMs);
  return [
    ['return', signed(percent(result.total)), ''],
    [`mean of ${period}`, signed(percent(result.mean)), range(intervals.meanReturn, percent)],
    ['Sharpe ratio a year', decimal(result.sharpe), range(intervals.sharpe, decimal)],
    ['  above 0, probability', percent(result.probabilisticSharpe, 1), ''],
    ['Sortino ratio a year', decimal(result.sortino), ''],
    ['volatility a year', percent(result.volatility), ''],
    ['greatest drawdown', percent(result.maxDrawdown), range(intervals.maxDrawdown, percent)],
    ['holding the instrument', signed(percent(result.holding)), ''],
    [`return above it, of ${period}`, signed(percent(result.meanActive)), range(intervals.activeReturn, percent)],
    ['fills', decimal(result.fills, 0), ''],
    ['liquidations', decimal(result.liquidations, 0), ''],
  ];
}

function resultTable(report: StudyReport): string {
  const interval = `${decimal(report.result.intervals.level * 100, 0)} % INTERVAL`;
  return table(['RESULT', '', interval], resultRows(report), ['', interval]);
}

function spanTable({ result }: StudyReport): string {
  const rows = result.spans.map(({ fromMs, parameters, figures, holding }) => [
    utc(fromMs),
    parametersText(parameters),
    signed(percent(figures?.total)),
    decimal(figures?.sharpe),
    percent(figures?.maxDrawdown),
    decimal(figures?.fills, 0),
    signed(percent(holding)),
  ]);
  const head = ['TEST FROM', 'WITH', 'RETURN', 'SHARPE', 'DRAWDOWN', 'FILLS', 'HOLDING'];
  return table(head, rows, head.slice(2));
}

/** Heads and cells of the table of windows, which the page has too. */
export function windowCells({ inSample, settings, result }: StudyReport): { head: string[]; rows: string[][] } {
  const [first = ''] = settings.objectives;
  const head = [
    'trained from',
    'trials',
    'worth',
    `best ${first}`,
    'beside it',
    'deflated',
    'luck (p)',
    'overfitting',
    `${first} tested`,
  ];
  const rows = inSample.windows.map((window, n) => {
    const { figures } = result.spans[n]!;
    return [
      utc(window.trainFromMs),
      `${window.trials}${window.failed > 0 ? ` (${window.failed} failed)` : ''}`,
      decimal(window.effectiveTrials, 1),
      objectiveText(first, window.chosen.objectives[first]),
      window.beside === null ? '–' : objectiveText(first, window.beside.median),
      percent(window.deflatedSharpe, 0),
      decimal(window.realityCheck),
      percent(window.overfitting, 0),
      objectiveText(first, figures === null ? null : objectiveNamed(first).of(figures)),
    ];
  });
  return { head, rows };
}

/** What the columns of windows are. */
export const WINDOW_KEY =
  'worth: as many independent trials; beside it: median of the points next to the best; deflated: probability that the best is better than the luckiest of the trials would be; luck (p): White’s reality check against doing nothing; overfitting: how often the best of one half was in the worse half of the other.';

function windowTable(report: StudyReport): string {
  const { head, rows } = windowCells(report);
  const heads = head.map((title) => title.toUpperCase());
  const failures = report.inSample.windows.flatMap((window) => window.failures).map(({ reason }) => reason);
  const [reason] = failures;
  return [
    table(heads, rows, heads.slice(1)),
    WINDOW_KEY,
    ...(reason === undefined ? [] : [`failed, e.g.: ${reason}`]),
  ].join('\n');
}

function stabilityTable({ inSample }: StudyReport): string {
  const rows = inSample.stability.map(({ name, least, median, most, spread }) => [
    name,
    String(least),
    String(median),
    String(most),
    percent(spread, 0),
  ]);
  const head = ['CHOSEN', 'LEAST', 'MEDIAN', 'MOST', 'SPREAD, OF THE RANGE'];
  return table(head, rows, head.slice(1));
}

function paretoText({ inSample, settings }: StudyReport): string {
  const { pareto } = inSample;
  const rows = pareto.front.map((point) => [
    `${point.isChosen ? '*' : ' '} ${parametersText(point.parameters)}`,
    ...settings.objectives.map((name) => objectiveText(name, point.objectives[name])),
  ]);
  const more = pareto.points > rows.length ? ` (the first ${rows.length} of ${pareto.points})` : '';
  const title = `PARETO FRONT OF THE LAST TRAINING SPAN, IN-SAMPLE, * CHOSEN${more}`;
  return `${title}\n${table(
    ['  WITH', ...settings.objectives.map((name) => name.toUpperCase())],
    rows,
    settings.objectives.map((name) => name.toUpperCase()),
  )}`;
}

/** `fast 10, slow 30` */
export function parametersText(parameters: JudgedPoint['parameters']): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

export function objectiveText(name: string, value: number | null | undefined): string {
  return objectiveNamed(name).isShare ? percent(value) : amount(value);
}
