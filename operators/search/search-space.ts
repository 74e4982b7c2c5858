/** One parameter that a search varies. Plain data. */
export interface SearchDimension {
  readonly name: string;
  /** Both ends are tried too. */
  readonly least: number;
  readonly most: number;
  /** Distance of neighbouring values, counted from `least`; null: any number between. */
  readonly step: number | null;
  /** Searched by ratios, not by differences: for what ranges over powers of ten. Then `least` is above 0. */
  readonly isLog: boolean;
}

/** Values of all dimensions, in their order. */
export type SearchPoint = readonly number[];

/** Beyond it, digits are what adding up steps left. */
const DIGITS = 12;

/** A value by its share of the dimension: 0 is the least, 1 the greatest, and it is one that the step allows. */
export function valueAt(dimension: SearchDimension, share: number): number {
  const { least, most, step, isLog } = dimension;
  const within = Math.min(1, Math.max(0, share));
  const raw = isLog ? least * (most / least) ** within : least + within * (most - least);
  const value =
    step === null ? raw : least + step * Math.min(Math.round((raw - least) / step), stepsOf(dimension, step));
  return Math.min(most, Math.max(least, Number(value.toPrecision(DIGITS))));
}

/** Share of the dimension at which a value lies, from 0 to 1. */
export function shareOf({ least, most, isLog }: SearchDimension, value: number): number {
  if (most === least) return 0;
  return isLog ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
}

/** How many values it has; infinite without a step. */
export function levelsOf(dimension: SearchDimension): number {
  if (dimension.most === dimension.least) return 1;
  return dimension.step === null ? Number.POSITIVE_INFINITY : stepsOf(dimension, dimension.step) + 1;
}

/** The same text for the same point. */
export function pointKey(point: SearchPoint): string {
  return point.join(' ');
}

/** @throws RangeError naming what it lacks */
export function checkSpace(space: readonly SearchDimension[]): void {
  if (space.length === 0) throw new RangeError('search: expected at least one parameter to vary, found none');
  for (const { name, least, most, step, isLog } of space) {
    if (!(Number.isFinite(least) && Number.isFinite(most) && least <= most))
      throw new RangeError(
        `search, ${name}: expected a range from a lesser to a greater number, found ${least} to ${most}`,
      );
    if (step !== null && !(step > 0 && Number.isFinite(step)))
      throw new RangeError(`search, ${name}: expected a step above 0, found ${step}`);
    if (isLog && !(least > 0))
      throw new RangeError(`search, ${name}: expected a range above 0 for a logarithmic search, found ${least}`);
  }
}

function stepsOf({ least, most }: SearchDimension, step: number): number {
  // A hair more, so that rounding does not lose the last step.
  return Math.floor(((most - least) / step) * (1 + 1e-12) + 1e-9);
}
