import { counted, decimal, duration, percent, range, utc } from '../../backtest/report/numbers.ts';
import { table } from '../../cli/table.ts';
import { clockText } from '../model/model-clock.ts';
import type { StageChanged } from './change-stage.ts';
import type { ModelFilter } from './find-model.ts';
import { type ForwardTest, forwardSum } from './forward-test.ts';
import { type ModelRecord, modelTitle, type StageChange } from './model-record.ts';
import type { PromotionEvaluation } from './promotion-rules.ts';
import { testedTable, testedUnits } from './tested-table.ts';

/** The registry's models for people, a line each; of all of them, or of those that were asked for. */
export function modelsText(models: readonly ModelRecord[], { name, stage }: ModelFilter = {}): string {
  if (models.length === 0) {
    const of = `${name === undefined ? '' : ` of ${name}`}${stage === undefined ? '' : ` in stage ${stage}`}`;
    return of === ''
      ? 'No model is registered: don train registers what it trains, don models import FILE another.'
      : `No model${of} is registered: don models list shows all.`;
  }
  const rows = models.map(({ id, name, number, stage, instrument, environment, interval, seed, tested, createdMs }) => [
    id,
    `${name}:v${number}`,
    stage,
    `${instrument} ${environment === 'book' ? 'book ' : ''}${interval}`,
    String(seed),
    percent(tested.model?.total),
    decimal(tested.model?.sharpe),
    range(tested.model?.sharpeInterval ?? null, decimal),
    utc(createdMs).slice(0, 16),
  ]);
  const head = ['ID', 'MODEL', 'STAGE', 'OF', 'SEED', 'TESTED', 'SHARPE', '95 %', 'REGISTERED'];
  return table(head, rows, ['SEED', 'TESTED', 'SHARPE', '95 %']);
}

/** All of one: where it comes from, what it was worth, and what became of it. */
export function modelText(record: ModelRecord, changes: readonly StageChange[]): string {
  const { id, stage, instrument, train, test, seed, steps, backend, codeVersion, tested } = record;
  const facts = [
    ['model', `${modelTitle(record)}, ${id}`],
    ['stage', stage],
    ['trades', `${instrument}, ${clockText(record)}`],
    ['recording', `${record.recording}, entries ${record.fromEntryId} to ${record.toEntryId}`],
    ['trained', `${spanText(train)} UTC: ${decimal(steps, 0)} steps, seed ${seed}, ${backend}`],
    ['tested', `${spanText(test)} UTC`],
    ['features', record.featureHash],
    ['code', codeVersion],
    ['parent', record.parent ?? 'none'],
    ['run', record.runId ?? 'none'],
    ['registered', `${utc(record.createdMs)} UTC`],
  ];
  return [
    ...facts.map(([name, value]) => `${name!.padEnd(12)}${value}`),
    '',
    'TEST SPAN, WHICH NOTHING WAS LEARNED OF',
    testedTable([tested.model, ...tested.baselines]),
    testedUnits(instrument),
    '',
    'STAGES',
    changesText(changes),
  ].join('\n');
}

/** What a change came to, a line. */
export function changedText({ record, replaced }: StageChanged): string {
  const was = replaced === null ? '' : `; ${modelTitle(replaced)} is archived`;
  return `${modelTitle(record)} (${record.id}) is ${record.stage === 'paper' ? 'on paper' : record.stage}${was}.`;
}

function changesText(changes: readonly StageChange[]): string {
  const rows = changes.map(({ kind, from, to, who, why, evaluation, atMs }) => [
    utc(atMs),
    kind,
    from === null ? to : `${from} → ${to}`,
    who,
    [why, ...evaluationText(kind, evaluation)].join('; '),
  ]);
  return table(['UTC', 'CHANGE', 'STAGE', 'WHO', 'WHY'], rows);
}

function evaluationText(kind: StageChange['kind'], evaluation: unknown): string[] {
  if (kind !== 'promote' || evaluation === null) return [];
  const { forward, overridden } = evaluation as PromotionEvaluation;
  return [
    ...(forward === null ? [] : [forwardText(forward)]),
    ...(overridden.length === 0 ? [] : [`FORCED against ${overridden.map(({ rule }) => rule).join(', ')}`]),
  ];
}

/** How long it traded in how many sessions, and what is not in that. */
function forwardText(forward: ForwardTest): string {
  const { fromMs, toMs, tradedMs, decisions, unverified } = forwardSum(forward);
  const { others, earlier, live } = forward.leftOut;
  const rest = [
    [others, 'of something else'],
    [earlier, 'from before it was on paper'],
    [live, 'with real money'],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return [
    `${counted(forward.sessions.length, 'session')} of ${forward.account}, ${duration(tradedMs)} traded of ${duration(toMs - fromMs)}, ${counted(decisions, 'decision')} verified`,
    ...(unverified === 0 ? [] : [`${unverified} that cannot be run again`]),
    ...(rest.length === 0 ? [] : [`left out ${rest.join(', ')}`]),
  ].join(', ');
}

function spanText({ fromMs, toMs }: ModelRecord['train']): string {
  return `${utc(fromMs).slice(0, 16)} to ${utc(toMs).slice(0, 16)}`;
}
