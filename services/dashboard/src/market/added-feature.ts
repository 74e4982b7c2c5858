import { isObject } from '../api/fields.ts';
import type { Interval } from './bars.ts';
import { type CatalogueFeature, isPossible } from './catalogue.ts';

/** More would neither fit on a screen nor be computed in time. */
export const ADDED_MAX = 12;

/** A feature of the catalogue that the user added, as it is remembered. */
export interface AddedFeature {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Bars that it is folded from; null where it is not one of bars. */
  readonly interval: Interval | null;
  /** It is drawn, and not only at hand. */
  readonly isShown: boolean;
}

/** Identity: the same feature may be added with other parameters or bars. */
export function addedKey({ name, parameters, interval }: AddedFeature): string {
  return [name, parametersText(parameters), interval ?? 'quotes'].join(' ');
}

/** As the API takes them: `period:20,deviations:2.5`. */
export function parametersText(parameters: Readonly<Record<string, number>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}:${plainDecimal(value)}`)
    .join();
}

/** Digits without an exponent, which the API does not read. */
function plainDecimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(15).replace(/\.?0+$/, '') : text;
}

/** One that was stored; null where it is not one. */
export function readAdded(value: unknown): AddedFeature | null {
  if (!isObject(value)) return null;
  const { name, parameters, interval, isShown } = value as Readonly<Record<keyof AddedFeature, unknown>>;
  const isInterval = interval === null || interval === '1s' || interval === '1m';
  if (typeof name !== 'string' || !isObject(parameters) || !isInterval) return null;
  if (!Object.values(parameters).every((parameter) => Number.isFinite(parameter))) return null;
  return { name, parameters: parameters as Record<string, number>, interval, isShown: isShown !== false };
}

/** The feature of the catalogue that is meant; undefined where there is none that can be had with such parameters. */
export function featureOf(
  { name, parameters, interval }: AddedFeature,
  catalogue: readonly CatalogueFeature[],
): CatalogueFeature | undefined {
  const feature = catalogue.find((other) => other.name === name);
  if (feature === undefined || feature.isOfBars !== (interval !== null)) return undefined;
  const isComplete = Object.keys(parameters).length === feature.parameters.length;
  const areAllPossible = feature.parameters.every((parameter) => {
    const value = parameters[parameter.name];
    return value !== undefined && isPossible(parameter, value);
  });
  return isComplete && areAllPossible ? feature : undefined;
}

/** As on its chip: `RSI 14 · 1m`, `Order-flow imbalance 1s`. */
export function addedLabel({ parameters, interval }: AddedFeature, feature: CatalogueFeature): string {
  const values = feature.parameters.map(({ name, unit }) => {
    const value = parameters[name] ?? Number.NaN;
    return unit === 'ms' ? shortDuration(value) : plainDecimal(value);
  });
  return `${[shortName(feature), ...values].join(' ')}${interval === null ? '' : ` · ${interval}`}`;
}

const ACRONYM_LENGTH_MAX = 4;

/** Traders say RSI, MACD and KAMA; what has a longer name goes by its title. */
function shortName({ name, title }: CatalogueFeature): string {
  const isAcronym = name.length <= ACRONYM_LENGTH_MAX && !name.includes('_');
  return isAcronym ? name.toUpperCase() : title;
}

function shortDuration(lengthMs: number): string {
  for (const [unit, ms] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const)
    if (lengthMs >= ms && lengthMs % ms === 0) return `${lengthMs / ms}${unit}`;
  return lengthMs > 1_000 ? `${lengthMs / 1_000}s` : `${lengthMs}ms`;
}
