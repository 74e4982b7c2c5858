import type { FeatureColumn, FeatureUse, UsedFeature } from './resolve-feature-set.ts';
import type { UnitName } from './unit.ts';

/** Features with the columns that they are of, and all columns with their units. */
export interface LinkedColumns {
  readonly features: readonly UsedFeature[];
  readonly columns: readonly FeatureColumn[];
}

/** Units that do not depend on what a feature is of. */
const UNTOUCHED: ReadonlySet<UnitName> = new Set(['ratio', 'percent', 'deviations', 'count']);

/**
 * Finds the columns that features of a set are of. An average of an imbalance is in the unit of the imbalance.
 * @param own the columns of each feature, as if it were of bars
 * @throws RangeError for one that there is not, that cannot be used so, or that depends on itself
 */
export function linkColumns(
  set: string,
  uses: readonly FeatureUse[],
  features: readonly UsedFeature[],
  own: readonly (readonly FeatureColumn[])[],
): LinkedColumns {
  const all = own.flat();
  const makers = own.flatMap((columns, n) => columns.map(() => n));
  const linked = features.map((used, n): UsedFeature => {
    const { of } = uses[n]!;
    if (of === undefined) return used;
    const { name, isOfSeries = false } = used.definition;
    const at = `feature set ${set}, ${name}, of`;
    if (!isOfSeries) throw new RangeError(`${at}: expected a feature of one number a bar, found ${name}`);
    const column = all.findIndex((candidate) => candidate.name === of);
    const names = all.map((candidate) => candidate.name);
    if (column < 0) throw new RangeError(`${at}: expected a column of the set (${names.join(', ')}), found ${of}`);
    return { ...used, of: column };
  });

  function unitsOf(n: number, path: readonly number[]): readonly UnitName[] {
    const { of } = linked[n]!;
    const units = own[n]!.map(({ unit }) => unit);
    if (of === null) return units;
    const names = [...path, n].map((feature) => own[feature]![0]!.name);
    if (path.includes(n))
      throw new RangeError(
        `feature set ${set}: expected no column that depends on itself, found ${names.join(' of ')}`,
      );
    const maker = makers[of]!;
    const source = unitsOf(maker, [...path, n])[of - makers.indexOf(maker)]!;
    return units.map((unit) => {
      if (unit === 'price') return source;
      if (UNTOUCHED.has(unit) || source === 'price') return unit;
      throw new RangeError(
        `feature set ${set}, ${names.at(-1)}, of: expected a price, since its unit is made of that, found ${all[of]!.name}`,
      );
    });
  }

  const columns = own.flatMap((ownColumns, n) => {
    const units = unitsOf(n, []);
    return ownColumns.map((column, output) => ({ ...column, unit: units[output]! }));
  });
  return { features: linked, columns };
}
