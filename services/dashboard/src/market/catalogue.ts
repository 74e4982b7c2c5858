import { type Fields, fieldsOf } from '../api/fields.ts';
import { grouped } from '../format/decimal.ts';
import { dateTime, duration } from '../format/time.ts';
import type { CustomState } from './custom-feature.ts';

/** A number by which a feature is set. */
export interface FeatureParameter {
  readonly name: string;
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
  /** `bars`, `ms`, …; '' for a plain number. */
  readonly unit: string;
  readonly meaning: string;
}

/** One number that a feature says. */
export interface FeatureOutput {
  /** '' where it is the only one. */
  readonly name: string;
  readonly unit: string;
  /** Null: unbounded. */
  readonly least: number | null;
  readonly greatest: number | null;
  readonly meaning: string;
  readonly drawn: 'line' | 'histogram' | 'points';
  /** Levels that are marked. */
  readonly guides: readonly number[];
  /** Name of the output up to which is filled; null: none. */
  readonly filledTo: string | null;
  /** Name of the parameter that says how many bars later it is drawn; null: it is drawn where it is known. */
  readonly drawnLaterBy: string | null;
}

/** A feature that the API can compute. */
export interface CatalogueFeature {
  readonly name: string;
  readonly title: string;
  readonly group: string;
  /** It is folded from bars, of which there are two intervals; else from quotes, trades and the like. */
  readonly isOfBars: boolean;
  /** What it is folded from, as the API names it. */
  readonly inputs: readonly string[];
  /** It is of a second instrument too. */
  readonly needsOther: boolean;
  readonly parameters: readonly FeatureParameter[];
  readonly outputs: readonly FeatureOutput[];
  /** What has to be seen before it speaks, with its usual parameters. */
  readonly warmUp: string;
  readonly formula: string;
  readonly source: string;
  /** How a custom one stands; null for one of the catalogue. */
  readonly custom: CustomState | null;
}

/** @throws TypeError naming the field that is not as expected */
export function readCatalogueFeature(value: unknown): CatalogueFeature {
  const fields = fieldsOf('feature', value);
  return {
    name: fields.text('name'),
    title: fields.text('title'),
    group: fields.text('group'),
    isOfBars: fields.list('inputs').includes('bar'),
    inputs: fields.list('inputs').map(String),
    needsOther: fields.raw('needsOther') === true,
    parameters: fields.list('parameters').map(readParameter),
    outputs: fields.list('outputs').map(readOutput),
    warmUp: warmUpText(fieldsOf('feature/warmUp', fields.raw('warmUp'))),
    formula: fields.text('formula'),
    source: fields.text('source'),
    custom: null,
  };
}

function readParameter(value: unknown): FeatureParameter {
  const fields = fieldsOf('feature/parameters', value);
  return {
    name: fields.text('name'),
    usual: fields.number('default'),
    least: fields.number('least'),
    most: fields.number('most'),
    isWhole: fields.flag('whole'),
    unit: fields.text('unit'),
    meaning: fields.text('meaning'),
  };
}

function readOutput(value: unknown): FeatureOutput {
  const fields = fieldsOf('feature/outputs', value);
  const [least, greatest] = fields.list('range').map((limit) => (typeof limit === 'number' ? limit : null));
  return {
    name: fields.text('name'),
    unit: fields.text('unit'),
    least: least ?? null,
    greatest: greatest ?? null,
    meaning: fields.text('meaning'),
    drawn: DRAWN.find((drawn) => drawn === fields.textOrNull('drawn')) ?? 'line',
    guides: (fields.raw('guides') === undefined ? [] : fields.list('guides')).map(Number),
    filledTo: fields.textOrNull('filledTo'),
    drawnLaterBy: fields.textOrNull('drawnLaterBy'),
  };
}

const DRAWN = ['line', 'histogram', 'points'] as const;

function warmUpText(fields: Fields): string {
  const count = fields.number('count');
  const of = fields.text('of');
  const also = fields.textOrNull('also');
  const amount = of === 'ms' ? duration(count) : `${grouped(count, 0)} ${count === 1 ? of.replace(/s$/, '') : of}`;
  const isNothing = count === 0;
  if (isNothing) return also ?? 'none';
  return also === null ? amount : `${amount}, and ${also}`;
}

/** What a parameter may be, as a sentence's end: `a whole number of bars from 1 to 500`. */
export function describeLimits(parameter: FeatureParameter): string {
  const { isWhole, unit, least, most } = parameter;
  if (isInstant(parameter)) return `a time from ${dateTime(least)} to ${dateTime(most)}`;
  const decimals = (value: number): number => (Number.isInteger(value) ? 0 : 2);
  const limits = `from ${grouped(least, decimals(least))} to ${grouped(most, decimals(most))}`;
  return `${isWhole ? 'a whole number' : 'a number'}${unit === '' ? '' : ` of ${unit}`} ${limits}`;
}

/** It is a time of day and year, not a number to people. */
export function isInstant({ unit }: FeatureParameter): boolean {
  return unit === 'ms since the epoch';
}

export function isPossible({ isWhole, least, most }: FeatureParameter, value: number): boolean {
  return value >= least && value <= most && (!isWhole || Number.isSafeInteger(value));
}

/** The number that was typed for a parameter; null where it cannot be one. */
export function readTyped(parameter: FeatureParameter, text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return isPossible(parameter, value) ? value : null;
}
