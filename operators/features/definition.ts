import type { Projection } from '../fold.ts';
import type { FeatureInputType, InputOf } from './feature-input.ts';
import type { UnitName } from './unit.ts';

/** A number by which a feature is set. */
export interface ParameterDefinition {
  readonly default: number;
  readonly least: number;
  readonly most: number;
  /** Of whole numbers only. */
  readonly isWhole: boolean;
  /** `bars`, `ms`, `levels`, …; '' for a plain number. */
  readonly unit: string;
  /** What it is, in a few words. */
  readonly says: string;
}

/** One number that a feature says. */
export interface OutputDefinition {
  readonly unit: UnitName;
  /** Least and greatest possible value; null: unbounded. */
  readonly range: readonly [least: number | null, greatest: number | null];
  /** What it is, and what its sign means. */
  readonly says: string;
  /** How charts draw it; a line where it is not said. This and what follows decide on no value. */
  readonly drawn?: 'line' | 'histogram' | 'points';
  /** Levels that charts mark, since it is read by whether it is beyond them. */
  readonly guides?: readonly number[];
  /** Name of the output up to which charts fill, as within a band or a cloud. */
  readonly filledTo?: string;
  /** Name of the parameter that says how many bars later charts draw it. */
  readonly drawnLaterBy?: string;
}

export const GROUPS = {
  trend: 'Trend',
  momentum: 'Momentum',
  volatility: 'Volatility',
  volume: 'Volume',
  statistics: 'Statistics',
  book: 'Order book',
  flow: 'Order flow and trades',
  derivatives: 'Derivatives',
  cross: 'Two instruments',
  custom: 'Custom',
} as const;

export type Group = keyof typeof GROUPS;

/** What has to be seen before a feature speaks, counted in bars or other inputs, or in time. */
export interface WarmUp {
  readonly count: number;
  readonly of: 'bars' | 'ms' | 'trades' | 'quotes' | 'events';
  /** What else must have come, in words. */
  readonly also?: string;
}

/** One number, or an object with one by each output's name. */
export type FeatureValue = number | object;

/** A fold whose value is a matter of its state alone, so that a set can ask for it whenever it is sampled. */
export interface FeatureFold<Event, State, Value extends FeatureValue = number>
  extends Projection<Event, State, Value> {
  readonly project: (state: State) => Value | undefined;
}

export type Parameters<Name extends string = string> = Readonly<Record<Name, number>>;

interface Described<Name extends string> {
  /** snake_case, as columns are. */
  readonly name: string;
  /** Whether it is of one number a bar, and so may be of any other column too; it is not where not said. */
  readonly isOfSeries?: boolean;
  /** Rises with each change after which the same log gives other values. */
  readonly version: number;
  readonly title: string;
  readonly group: Group;
  readonly parameters: Readonly<Record<Name, ParameterDefinition>>;
  /** By name; one whose name is '' stands alone, and its column is the feature's. */
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  readonly warmUp: (parameters: Parameters<Name>) => WarmUp;
  readonly formula: string;
  /** The paper, the book or the venue's page. */
  readonly source: string;
}

/** A feature as the catalogue knows it. */
export interface FeatureDefinition extends Described<string> {
  /** What its fold is fed. */
  readonly inputs: readonly FeatureInputType[];
  /** @throws RangeError that names the parameter which cannot be */
  readonly create: (parameters: Parameters) => FeatureFold<never, unknown, FeatureValue>;
}

/** Declares a feature; its fold is fed the inputs that it names, and no others. */
export function defineFeature<const Type extends FeatureInputType, const Name extends string, State>(
  definition: Described<Name> & {
    readonly inputs: readonly Type[];
    readonly create: (parameters: Parameters<Name>) => FeatureFold<InputOf<Type>, State, FeatureValue>;
  },
): FeatureDefinition {
  return definition as unknown as FeatureDefinition;
}

/** A whole number from `least` on, such as a window in bars. */
export function wholeNumber(
  unit: string,
  by: { readonly default: number; readonly says: string; readonly least?: number; readonly most?: number },
): ParameterDefinition {
  return { least: 1, most: 1_000_000, isWhole: true, unit, ...by };
}

/** A number between two others. */
export function realNumber(
  unit: string,
  by: { readonly default: number; readonly says: string; readonly least: number; readonly most: number },
): ParameterDefinition {
  return { isWhole: false, unit, ...by };
}

/** A length of time in ms. */
export function duration(by: {
  readonly default: number;
  readonly says: string;
  readonly least?: number;
}): ParameterDefinition {
  return { least: 1, most: 7 * 86_400_000, isWhole: true, unit: 'ms', ...by };
}
