import { fieldsOf, isObject } from '../api/fields.ts';
import { type Figures, readFigures, readSpan, type Span } from './figures.ts';

const STAGES = ['candidate', 'paper', 'live', 'archived'] as const;
export type Stage = (typeof STAGES)[number];

/** A model of the registry. */
export interface RegisteredModel {
  readonly id: string;
  readonly name: string;
  /** Within the name, from 1 on. */
  readonly number: number;
  readonly stage: Stage;
  readonly instrument: string;
  readonly isOnBook: boolean;
  /** How often it decides: `5m`, or on a book `100 ms` or `50 events`. */
  readonly interval: string;
  readonly featureHash: string;
  readonly recording: string;
  readonly train: Span;
  readonly test: Span;
  readonly seed: number;
  readonly steps: number;
  readonly backend: string;
  readonly codeVersion: string;
  /** On the test span; null: it was not tested. */
  readonly tested: Figures | null;
  readonly baselines: readonly Figures[];
  /** Id of the model that it began with. */
  readonly parent: string | null;
  readonly runId: string | null;
  readonly createdMs: number;
  /** The oldest first; empty in a list. */
  readonly history: readonly StageChange[];
}

export interface StageChange {
  /** `promote`, … */
  readonly kind: string;
  /** null: it was registered. */
  readonly from: string | null;
  readonly to: string;
  readonly who: string;
  readonly why: string;
  readonly timeMs: number;
}

/** @throws TypeError naming the field that is not as expected */
export function readModel(value: unknown): RegisteredModel {
  const fields = fieldsOf('model', value);
  const said = fields.text('stage');
  const stage = STAGES.find((known) => known === said);
  if (stage === undefined) throw new TypeError(`model/stage: expected one of ${STAGES.join(', ')}, was ${said}`);
  const tested = fieldsOf('model/tested', fields.raw('tested'));
  const figures = tested.raw('model');
  const history = fields.raw('history');
  return {
    id: fields.text('id'),
    name: fields.text('name'),
    number: fields.number('number'),
    stage,
    instrument: fields.text('instrument'),
    isOnBook: fields.text('environment') === 'book',
    interval: fields.text('interval'),
    featureHash: fields.text('featureHash'),
    recording: fields.text('recording'),
    train: readSpan('model/train', fields.raw('train')),
    test: readSpan('model/test', fields.raw('test')),
    seed: fields.number('seed'),
    steps: fields.number('steps'),
    backend: fields.text('backend'),
    codeVersion: fields.text('codeVersion'),
    tested: isObject(figures) ? readFigures(figures) : null,
    baselines: tested.list('baselines').map(readFigures),
    parent: fields.textOrNull('parent'),
    runId: fields.textOrNull('runId'),
    createdMs: fields.timeMs('createdTime'),
    history: Array.isArray(history) ? history.map(readChange) : [],
  };
}

function readChange(value: unknown): StageChange {
  const fields = fieldsOf('model/history', value);
  return {
    kind: fields.text('kind'),
    from: fields.textOrNull('from'),
    to: fields.text('to'),
    who: fields.text('who'),
    why: fields.text('why'),
    timeMs: fields.timeMs('time'),
  };
}

/** `btc-trend:v3` */
export function modelTitle({ name, number }: Pick<RegisteredModel, 'name' | 'number'>): string {
  return `${name}:v${number}`;
}

/** `candles of 5m`, or `the order book each 100 ms`. */
export function decidesOn({ isOnBook, interval }: Pick<RegisteredModel, 'isOnBook' | 'interval'>): string {
  return isOnBook ? `the order book each ${interval}` : `candles of ${interval}`;
}

/** Models of one name, as they were listed. */
export interface ModelLine {
  readonly name: string;
  readonly models: readonly RegisteredModel[];
}

export function byName(models: readonly RegisteredModel[]): readonly ModelLine[] {
  return [...Map.groupBy(models, ({ name }) => name)].map(([name, of]) => ({ name, models: of }));
}

const STRATEGY_PREFIX = 'model:';

/** The id of the model that trades as a strategy; null: it is none. */
export function modelOfStrategy(strategy: string): string | null {
  return strategy.startsWith(STRATEGY_PREFIX) ? strategy.slice(STRATEGY_PREFIX.length) : null;
}
