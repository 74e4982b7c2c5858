import { isObject } from '../api/fields.ts';
import { dateTime } from '../format/time.ts';
import type { Interval } from './bars.ts';
import { type CatalogueFeature, type FeatureParameter, isInstant, isPossible } from './catalogue.ts';

/** More would neither fit on a screen nor be computed in time. */
export const ADDED_MAX = 12;

/** A feature of the catalogue that the user added, as it is remembered. */
export interface AddedFeature {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Bars that it is folded from; null where it is not one of bars. */
  readonly interval: Interval | null;
  /** The second instrument, of a feature of two; else null. */
  readonly other: string | null;
  /** It is a custom one: not forgotten while the service that runs those is down. */
  readonly isCustom: boolean;
  /** It is drawn, and not only at hand. */
  readonly isShown: boolean;
}

/** Identity: the same feature may be added with other parameters or bars. */
export function addedKey({ name, parameters, interval, other }: AddedFeature): string {
  const key = [name, parametersText(parameters), interval ?? 'quotes'].join(' ');
  return other === null ? key : `${key} ${other}`;
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
  const { name, parameters, interval, other, isCustom, isShown } = value as Readonly<
    Record<keyof AddedFeature, unknown>
  >;
  const isInterval = interval === null || interval === '1s' || interval === '1m';
  if (typeof name !== 'string' || !isObject(parameters) || !isInterval) return null;
  if (!Object.values(parameters).every((parameter) => Number.isFinite(parameter))) return null;
  return {
    name,
    parameters: parameters as Record<string, number>,
    interval,
    other: typeof other === 'string' ? other : null,
    isCustom: isCustom === true,
    isShown: isShown !== false,
  };
}

/** The feature of the catalogue that is meant; undefined where there is none that can be had with such parameters. */
export function featureOf(
  { name, parameters, interval, other, isCustom }: AddedFeature,
  catalogue: readonly CatalogueFeature[],
): CatalogueFeature | undefined {
  const feature = catalogue.find((one) => one.name === name && (one.custom !== null) === isCustom);
  if (feature === undefined || feature.isOfBars !== (interval !== null)) return undefined;
  if (feature.needsOther !== (other !== null)) return undefined;
  // It runs as its file says.
  if (feature.custom !== null) return feature;
  const isComplete = Object.keys(parameters).length === feature.parameters.length;
  const areAllPossible = feature.parameters.every((parameter) => {
    const value = parameters[parameter.name];
    return value !== undefined && isPossible(parameter, value);
  });
  return isComplete && areAllPossible ? feature : undefined;
}

/** As on its chip: `RSI 14 · 1m`, `Order-flow imbalance 1s`, `Pair beta 300 · ETHUSDT`. */
export function addedLabel({ parameters, interval, other }: AddedFeature, feature: CatalogueFeature): string {
  const values =
    feature.custom === null ? feature.parameters.flatMap((parameter) => valueText(parameter, parameters)) : [];
  const symbol = other?.slice(other.indexOf(':') + 1);
  return [[shortName(feature), ...values].join(' '), symbol, interval].filter((part) => part != null).join(' · ');
}

/** Nothing for an instant that is not chosen: it says by itself what it means then. */
function valueText(parameter: FeatureParameter, values: AddedFeature['parameters']): string | [] {
  const value = values[parameter.name] ?? Number.NaN;
  if (isInstant(parameter)) return value === parameter.usual ? [] : `since ${dateTime(value).replace(/:00$/, '')}`;
  return parameter.unit === 'ms' ? shortDuration(value) : plainDecimal(value);
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
