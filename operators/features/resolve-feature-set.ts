import type { BarClock } from '../bar-clock.ts';
import { checkedClock } from '../bar-clock-check.ts';
import type { FeatureDefinition, ParameterDefinition, Parameters } from './definition.ts';
import type { FeatureInputType } from './feature-input.ts';
import { linkColumns } from './link-columns.ts';
import { UNITS, type UnitName } from './unit.ts';

/** A feature as a set uses it. */
export interface FeatureUse {
  readonly feature: FeatureDefinition;
  /** Those that are not said are the definition's. */
  readonly parameters?: Parameters;
  /** Column, or what its outputs' columns begin with; the feature's name where it is not said. */
  readonly column?: string;
  /** Those that the set wants, in this order; all where it is not said. */
  readonly outputs?: readonly string[];
  /**
   * Another column of the set that it is of, row by row, in place of the closes of bars: a feature of one number a bar only.
   * Its window is then of rows.
   */
  readonly of?: string;
}

/** A feature set as it is declared, in a file of its own. */
export interface FeatureSetDeclaration<Clock extends BarClock = BarClock> {
  readonly name: string;
  /** Another one for any change of the declaration. */
  readonly version: number;
  /** What it is for, in a sentence. */
  readonly says: string;
  /** Of the features that are folded from bars. */
  readonly clock: Clock;
  /** When a row is made. */
  readonly sampling: 'quotes' | 'bars';
  readonly features: readonly FeatureUse[];
}

export interface UsedFeature {
  readonly definition: FeatureDefinition;
  readonly parameters: Parameters;
  readonly outputs: readonly string[];
  /** Number of the column that it is of; null: of what its definition names. */
  readonly of: number | null;
}

export interface FeatureColumn {
  readonly name: string;
  readonly unit: UnitName;
  /** Name of the feature, and of its output. */
  readonly feature: string;
  readonly output: string;
}

/** A declaration that has been checked, with everything that it left open. */
export interface FeatureSet<Clock extends BarClock = BarClock> {
  /** `name-v1` */
  readonly id: string;
  /** `features_name_v1` */
  readonly table: string;
  readonly clock: Clock;
  readonly sampling: 'quotes' | 'bars';
  /** Whether it is of an instrument beside another one. */
  readonly isOfPair: boolean;
  readonly features: readonly UsedFeature[];
  readonly columns: readonly FeatureColumn[];
  /** Columns that others are of. */
  readonly sources: readonly number[];
  /** All that decides on its values, as text: equal texts, equal values. */
  readonly definition: string;
}

/** The mask is a whole number that a double holds. */
const COLUMNS_MAX = 53;
const OF_BOOK: ReadonlySet<FeatureInputType> = new Set(['topOfBook', 'depthView', 'otherQuote']);
const NAME = /^[a-z][a-z0-9_]*$/;
/** Columns that a row has beside the features'. */
const TAKEN: ReadonlySet<string> = new Set([
  'ts',
  'symbol',
  'recording',
  'receive_time',
  'entry_id',
  'update_id',
  'mask',
  'set_hash',
  'other',
  'other_recording',
]);

/** @throws RangeError that names the field, what was expected and what was found */
export function resolveFeatureSet<const Clock extends BarClock>(
  declaration: FeatureSetDeclaration<Clock>,
): FeatureSet<Clock> {
  const { name, version, sampling } = declaration;
  if (!NAME.test(name)) throw new RangeError(`feature set, name: expected such as default, found ${name}`);
  if (!Number.isSafeInteger(version) || version < 1)
    throw new RangeError(`feature set ${name}, version: expected a whole number from 1, found ${version}`);
  const clock = checkedClock(`feature set ${name}, clock`, declaration.clock);
  const own = declaration.features.map((use) => resolveUse(name, use));
  const ownColumns = own.map((used, n) => columnsOf(used, declaration.features[n]!.column));
  checkColumns(name, ownColumns.flat());
  const { features, columns } = linkColumns(name, declaration.features, own, ownColumns);
  const definition = JSON.stringify({
    name,
    version,
    clock,
    sampling,
    features: features.map(({ definition, parameters, outputs, of }) => ({
      feature: definition.name,
      version: definition.version,
      parameters,
      outputs,
      ...(of === null ? {} : { of }),
    })),
    columns: columns.map((column) => [column.name, UNITS[column.unit]]),
  });
  return {
    id: `${name}-v${version}`,
    table: `features_${name}_v${version}`,
    clock,
    sampling,
    isOfPair: features.some((used) => needsOther(used.definition)),
    features,
    columns,
    sources: [...new Set(features.flatMap(({ of }) => of ?? []))],
    definition,
  };
}

/** Whether a feature is of an instrument beside another one. */
export function needsOther({ inputs }: FeatureDefinition): boolean {
  return inputs.includes('otherQuote');
}

/** Whether a set is of a book, its own or another's. */
export function needsBook({ sampling, features }: Pick<FeatureSet, 'sampling' | 'features'>): boolean {
  const isOfBook = (type: FeatureInputType): boolean => OF_BOOK.has(type);
  return sampling === 'quotes' || features.some(({ definition }) => definition.inputs.some(isOfBook));
}

function resolveUse(
  set: string,
  { feature, parameters = {}, outputs = Object.keys(feature.outputs) }: FeatureUse,
): UsedFeature {
  const at = `feature set ${set}, ${feature.name}`;
  for (const { unit } of Object.values(feature.outputs))
    if (UNITS[unit] === undefined)
      throw new RangeError(`${at}, unit: expected one of ${Object.keys(UNITS).join(', ')}, found ${String(unit)}`);
  for (const output of outputs)
    if (feature.outputs[output] === undefined)
      throw new RangeError(`${at}: expected outputs among ${Object.keys(feature.outputs).join(', ')}, found ${output}`);
  return { definition: feature, parameters: resolveParameters(at, feature, parameters), outputs, of: null };
}

/** What is set by parameters: a feature, or a strategy. */
export interface Parametrised {
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly create: (parameters: Parameters) => unknown;
}

/**
 * Parameters with the definition's where none is said, in the definition's order.
 * @param at where they stand, for the error
 * @throws RangeError for an unknown or impossible one
 */
export function resolveParameters(at: string, feature: Parametrised, said: Parameters): Parameters {
  const names = Object.keys(feature.parameters);
  for (const name of Object.keys(said))
    if (!names.includes(name))
      throw new RangeError(
        `${at}, ${name}: expected ${names.length === 0 ? 'no parameters' : `parameters among ${names.join(', ')}`}, found ${name}`,
      );
  const resolved: Record<string, number> = {};
  for (const name of names) {
    const definition = feature.parameters[name]!;
    const value = said[name] ?? definition.default;
    checkParameter(`${at}, ${name}`, definition, value);
    resolved[name] = value;
  }
  feature.create(resolved);
  return resolved;
}

function checkParameter(at: string, { least, most, isWhole, unit }: ParameterDefinition, value: number): void {
  if (value >= least && value <= most && (!isWhole || Number.isSafeInteger(value))) return;
  const kind = isWhole ? 'a whole number' : 'a number';
  throw new RangeError(
    `${at}: expected ${kind}${unit === '' ? '' : ` of ${unit}`} from ${least} to ${most}, found ${value}`,
  );
}

function columnsOf({ definition, outputs }: UsedFeature, column = definition.name): FeatureColumn[] {
  return outputs.map((output) => ({
    name: columnName(definition, column, output),
    unit: definition.outputs[output]!.unit,
    feature: definition.name,
    output,
  }));
}

/** The column of an output: the one that is named as its feature is has the column alone. */
export function columnName({ name }: FeatureDefinition, column: string, output: string): string {
  return output === '' || output === name ? column : `${column}_${columnPart(output)}`;
}

/** An output's name as a part of a column: `plusDi` → `plus_di`. */
export function columnPart(output: string): string {
  return output.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function checkColumns(set: string, columns: readonly FeatureColumn[]): void {
  if (columns.length === 0 || columns.length > COLUMNS_MAX)
    throw new RangeError(`feature set ${set}: expected 1 to ${COLUMNS_MAX} columns, found ${columns.length}`);
  const seen = new Set(TAKEN);
  for (const { name } of columns) {
    if (!NAME.test(name)) throw new RangeError(`feature set ${set}: expected a column such as sma_20, found ${name}`);
    if (seen.has(name)) throw new RangeError(`feature set ${set}: expected one column ${name}, found a second`);
    seen.add(name);
  }
}
