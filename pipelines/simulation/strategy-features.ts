import { featureNamed } from '../../operators/features/catalogue.ts';
import type { FeatureDefinition, Parameters } from '../../operators/features/definition.ts';
import type { FeatureInput, FeatureInputType } from '../../operators/features/feature-input.ts';
import { type FeatureVector, featureSet } from '../../operators/features/feature-set.ts';
import {
  type FeatureSet,
  type FeatureUse,
  needsBook,
  needsOther,
  resolveFeatureSet,
} from '../../operators/features/resolve-feature-set.ts';
import type { StrategyDefinition } from './strategy.ts';

/** A feature that a strategy wants, by its name in the catalogue. */
export type WantedFeature = string | (Omit<FeatureUse, 'feature' | 'of'> & { readonly feature: string });

/** Those that a strategy wants, which may follow from its parameters. */
export type WantedFeatures<Name extends string = string> =
  | readonly WantedFeature[]
  | ((parameters: Parameters<Name>) => readonly WantedFeature[]);

/** Features of a strategy that says no length of bars are of bars of a minute. */
const BAR_MS = 60_000;

/** What candles tell. */
const OF_BARS: ReadonlySet<FeatureInputType> = new Set(['bar', 'barBreak', 'sample', 'gap', 'instrument', 'kline']);

/** After which the last values are none any more. */
const BREAKS: ReadonlySet<FeatureInputType> = new Set(['bookBreak', 'gap', 'instrument']);

/**
 * The features of a strategy as a set: of bars of its own length, and told at each quote; at each bar where the strategy has
 * bars and none of them is of the book. Undefined where it wants none.
 * @throws RangeError that names the feature, what was expected and what was found
 */
export function strategyFeatureSet(
  { name, features, barMs }: Pick<StrategyDefinition, 'name' | 'features' | 'barMs'>,
  parameters: Parameters,
): FeatureSet | undefined {
  const wanted = typeof features === 'function' ? features(parameters) : (features ?? []);
  if (wanted.length === 0) return undefined;
  const intervalMs = barMs?.(parameters) ?? BAR_MS;
  const declared = {
    name: 'strategy',
    version: 1,
    says: `what ${name} decides by`,
    clock: { kind: 'time', intervalMs },
    features: wanted.map((one) => useOf(name, one)),
  } as const;
  const ofBars = resolveFeatureSet({ ...declared, sampling: 'bars' });
  const isOfBars = barMs !== undefined && !needsBook(ofBars);
  return isOfBars ? ofBars : resolveFeatureSet({ ...declared, sampling: 'quotes' });
}

function useOf(strategy: string, wanted: WantedFeature): FeatureUse {
  const use = typeof wanted === 'string' ? { feature: wanted } : wanted;
  const feature = featureNamed(use.feature);
  const at = `strategy ${strategy}, features`;
  if (feature === undefined)
    throw new RangeError(`${at}: expected names of features such as microprice, found ${use.feature}`);
  if (needsOther(feature))
    throw new RangeError(`${at}: expected features of one instrument, found ${use.feature}, which is of two`);
  return { ...use, feature };
}

/** What a feature is told of that candles do not tell; undefined: nothing. */
export function otherThanBars({ inputs }: FeatureDefinition): FeatureInputType | undefined {
  return inputs.find((type) => !OF_BARS.has(type));
}

/** The values of a strategy's features, as far as it has been told of the market. */
export interface StrategyFeatures {
  tell(input: FeatureInput): void;
  /** NaN: warming up, or not valid now. @throws RangeError for a column that it did not declare */
  value(column: string): number;
  /** Whether all of them have a value. */
  readonly areValid: boolean;
}

/** A strategy asks for a feature, and has declared none. */
export function noFeatures(): RangeError {
  return new RangeError('feature: expected a strategy that declares features, found none');
}

/** Computes a set by the folds that derive it from a log. */
export function createStrategyFeatures(set: FeatureSet): StrategyFeatures {
  const { initialState, evolve, project } = featureSet(set);
  const columns = set.columns.map(({ name }) => name);
  const every = 2 ** columns.length - 1;
  let state = initialState();
  let last: FeatureVector | undefined;
  return {
    tell(input) {
      state = evolve(state, input);
      if (BREAKS.has(input.type)) last = undefined;
      last = project(state, input) ?? last;
    },
    value(column) {
      const n = columns.indexOf(column);
      if (n < 0) throw new RangeError(`feature: expected one of ${columns.join(', ')}, found ${column}`);
      return last?.values[n] ?? Number.NaN;
    },
    get areValid() {
      return last !== undefined && last.mask === every;
    },
  };
}
