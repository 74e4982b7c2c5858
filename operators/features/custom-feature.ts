import type {
  FeatureDefinition,
  FeatureFold,
  FeatureValue,
  OutputDefinition,
  ParameterDefinition,
  Parameters,
  WarmUp,
} from './definition.ts';
import type { BarBreak, ClosedBar, FeatureInputType, InputOf } from './feature-input.ts';

/** What a file of a custom feature imports as 'don/features': two forms to declare one, and the types of its inputs. */
export type { BookBreak } from '../book/book-break.ts';
export { bestLevels } from '../book/ladder.ts';
export type { TopOfBook } from '../book/top-of-book.ts';
export type { FeatureFold } from './definition.ts';
export { duration, realNumber, wholeNumber } from './definition.ts';
export type { BarBreak, ClosedBar, DepthView, Sample } from './feature-input.ts';

interface Described<Name extends string> {
  /** snake_case: its column begins with it. */
  readonly name: string;
  /** Rises with each change after which the same log gives other values; 1 where not said. */
  readonly version?: number;
  readonly title?: string;
  readonly parameters?: Readonly<Record<Name, ParameterDefinition>>;
  /** One number of this unit, or several by name. */
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  readonly formula?: string;
  readonly source?: string;
}

/** A custom feature as a fold: it is fed the inputs that it names, in the order of the log. */
export function foldFeature<const Type extends FeatureInputType, const Name extends string, State>(
  described: Described<Name> & {
    readonly inputs: readonly Type[];
    /** What it has to see before it speaks. */
    readonly warmUp: (parameters: Parameters<Name>) => WarmUp;
    readonly create: (parameters: Parameters<Name>) => FeatureFold<InputOf<Type>, State, FeatureValue>;
  },
): FeatureDefinition {
  const { inputs, warmUp, create } = described;
  return { ...complete(described), inputs, warmUp, create } as unknown as FeatureDefinition;
}

/** Values for each of the bars, in their order: what is known when that bar closes; null: nothing yet. */
export type BarsFunction<Name extends string> = (
  bars: readonly ClosedBar[],
  parameters: Parameters<Name>,
) => readonly (number | null)[];

/** A custom feature that is written for many bars at once. */
export interface BarsFeatureDefinition extends FeatureDefinition {
  readonly compute: BarsFunction<string>;
}

/** Plain data. */
interface BarsState {
  bars: ClosedBar[];
}

/**
 * A custom feature as a function of bars. Live it is given the last `window` of them at each bar that closes, and what it
 * says of the last one counts.
 */
export function barsFeature<const Name extends string>(
  described: Described<Name> & {
    /** Bars that a value depends on, the newest included. */
    readonly window: (parameters: Parameters<Name>) => number;
    readonly compute: BarsFunction<Name>;
  },
): BarsFeatureDefinition {
  const { window, compute } = described;
  const create = (parameters: Parameters<Name>): FeatureFold<ClosedBar | BarBreak, BarsState> => {
    const size = window(parameters);
    return {
      initialState: () => ({ bars: [] }),
      evolve: (state, event) => {
        if (event.type === 'barBreak') return { bars: [] };
        state.bars.push(event);
        if (state.bars.length > size) state.bars.shift();
        return state;
      },
      project: ({ bars }) => (bars.length < size ? undefined : (compute(bars, parameters)[size - 1] ?? undefined)),
    };
  };
  const warmUp = (parameters: Parameters<Name>): WarmUp => ({ count: window(parameters), of: 'bars' });
  return {
    ...complete(described),
    inputs: ['bar', 'barBreak'],
    warmUp,
    create,
    compute,
  } as unknown as BarsFeatureDefinition;
}

function complete<Name extends string>({
  name,
  version,
  title,
  parameters,
  outputs,
  formula,
  source,
}: Described<Name>) {
  return {
    name,
    version: version ?? 1,
    title: title ?? name,
    group: 'custom' as const,
    parameters: parameters ?? {},
    outputs,
    formula: formula ?? 'in its file',
    source: source ?? 'custom',
  };
}
