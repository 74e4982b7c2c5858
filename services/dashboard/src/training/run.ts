import { type Fields, fieldsOf, isObject } from '../api/fields.ts';
import { type Figures, readFigures, readSpan, type Span } from './figures.ts';

const STATUSES = ['running', 'done', 'failed', 'stopped'] as const;
export type RunStatus = (typeof STATUSES)[number];

/** A training run as the API lists it. */
export interface TrainingRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly instrument: string;
  readonly interval: string;
  readonly seeds: readonly number[];
  /** Steps that each seed is to do; null: the config does not say. */
  readonly totalSteps: number | null;
  /** Settings among which a study chooses before anything is told of the training itself; null: none does. */
  readonly studied: number | null;
  /** `10 features, flat-long-short, reward log-return` */
  readonly setup: string;
  readonly train: Span;
  readonly test: Span;
  readonly backend: string;
  readonly codeVersion: string;
  /** How often it was begun or taken up again. */
  readonly starts: number;
  readonly createdMs: number;
  /** When it was begun or taken up last. */
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly error: string | null;
  /** null until it is done. */
  readonly outcome: RunOutcome | null;
  /** Steps that each seed has done; null: a list tells it only of what runs. */
  readonly progress: readonly SeedProgress[] | null;
}

export interface SeedProgress {
  readonly seed: number;
  readonly step: number;
}

export interface RunOutcome {
  /** In words. */
  readonly verdict: string;
  /** The end of the training span that was looked at and not learned of; null: none. */
  readonly validation: Span | null;
  /** `learningRate 0.0003, the best of 8 on the validation span`; null: nothing was chosen. */
  readonly settings: string | null;
  readonly seeds: readonly SeedOutcome[];
  /** On the test span. */
  readonly baselines: readonly Figures[];
}

export interface SeedOutcome {
  readonly seed: number;
  /** Id of the model that it has become. */
  readonly model: string;
  readonly steps: number;
  /** In-sample. */
  readonly trained: Figures;
  readonly tested: Figures;
}

/** @throws TypeError naming the field that is not as expected */
export function readRun(value: unknown): TrainingRun {
  const fields = fieldsOf('run', value);
  const said = fields.text('status');
  const status = STATUSES.find((known) => known === said);
  if (status === undefined) throw new TypeError(`run/status: expected one of ${STATUSES.join(', ')}, was ${said}`);
  const summary = fields.raw('summary');
  const progress = fields.raw('progress');
  return {
    id: fields.text('id'),
    status,
    instrument: fields.text('instrument'),
    interval: fields.text('interval'),
    seeds: fields.list('seeds').map(Number),
    ...readConfig(fields.raw('config')),
    train: readSpan('run/train', fields.raw('train')),
    test: readSpan('run/test', fields.raw('test')),
    backend: fields.text('backend'),
    codeVersion: fields.text('codeVersion'),
    starts: fields.number('starts'),
    createdMs: fields.timeMs('createdTime'),
    startedMs: fields.timeMs('startedTime'),
    endedMs: fields.timeMsOrNull('endedTime'),
    error: fields.textOrNull('error'),
    outcome: isObject(summary) ? readOutcome(fieldsOf('run/summary', summary)) : null,
    progress: Array.isArray(progress) ? progress.map(readProgress) : null,
  };
}

/** Configs of other versions may lack what ours have. */
function readConfig(config: unknown): Pick<TrainingRun, 'totalSteps' | 'studied' | 'setup'> {
  if (!isObject(config)) return { totalSteps: null, studied: null, setup: '' };
  const { ppo, dqn, sac, features, actions, reward, study } = config;
  const settings = [ppo, dqn, sac].find(isObject);
  const steps = settings?.['totalSteps'];
  const trials = isObject(study) ? study['trials'] : undefined;
  const count = Array.isArray(features) ? features.length : 0;
  const rewarded = isObject(reward) ? (reward['name'] ?? reward['file']) : undefined;
  const parts = [
    count === 0 ? null : `${count} feature${count === 1 ? '' : 's'}`,
    isObject(actions) ? String(actions['type']) : null,
    rewarded === undefined ? null : `reward ${rewarded}`,
  ];
  return {
    totalSteps: typeof steps === 'number' && steps > 0 ? steps : null,
    studied: typeof trials === 'number' ? trials : null,
    setup: parts.filter((part) => part !== null).join(', '),
  };
}

function readOutcome(fields: Fields): RunOutcome {
  const validation = fields.raw('validation');
  return {
    verdict: fields.text('verdict'),
    validation: isObject(validation) ? readSpanMs(validation) : null,
    settings: readStudy(fields.raw('study')),
    seeds: fields.list('seeds').map(readSeed),
    baselines: fields.list('baselines').map(readFigures),
  };
}

function readStudy(study: unknown): string | null {
  if (!isObject(study)) return null;
  const fields = fieldsOf('run/summary/study', study);
  const trials = fields.list('trials');
  const settings = fieldsOf('run/summary/study/trials', trials[fields.number('chosen')]).raw('settings');
  const said = Object.entries(isObject(settings) ? settings : {}).map(([name, value]) => `${name} ${value}`);
  return `${said.join(', ')}, the best of ${trials.length} on the validation span`;
}

/** Within the summary spans are in ms. */
function readSpanMs(value: unknown): Span {
  const fields = fieldsOf('run/summary/validation', value);
  return { fromMs: fields.number('fromMs'), toMs: fields.number('toMs') };
}

function readSeed(value: unknown): SeedOutcome {
  const fields = fieldsOf('run/summary/seeds', value);
  return {
    seed: fields.number('seed'),
    model: fields.text('model'),
    steps: fields.number('steps'),
    trained: readFigures(fields.raw('trained')),
    tested: readFigures(fields.raw('tested')),
  };
}

function readProgress(value: unknown): SeedProgress {
  const fields = fieldsOf('run/progress', value);
  return { seed: fields.number('seed'), step: fields.number('step') };
}

/** Steps of all seeds together; `of` and `share` (0 to 1) are null where the config does not say how many there will be. */
export function stepsOf({ seeds, totalSteps }: TrainingRun, progress: readonly SeedProgress[]) {
  // The last update may go a little beyond.
  const done = progress.reduce((sum, { step }) => sum + Math.min(step, totalSteps ?? step), 0);
  const of = totalSteps === null ? null : totalSteps * seeds.length;
  return { done, of, share: of === null || of === 0 ? null : done / of };
}

/** So many settings are chosen among now; null: they are chosen, or there is no choice. */
export function choosingAmong({ status, studied }: TrainingRun, progress: readonly SeedProgress[]): number | null {
  return status === 'running' && progress.every(({ step }) => step === 0) ? studied : null;
}

/** `seed 1`, `seeds 1, 2, 3` */
export function seedsText(seeds: readonly number[]): string {
  return `seed${seeds.length === 1 ? '' : 's'} ${seeds.join(', ')}`;
}
