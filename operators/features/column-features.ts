import type { FeatureFold, FeatureValue } from './definition.ts';
import type { BarBreak, ClosedBar } from './feature-input.ts';
import { outputValue } from './output-value.ts';
import type { FeatureSet } from './resolve-feature-set.ts';

/** The features of a set that are of other columns of it, such as an average of an imbalance. */
export interface ColumnFeatures {
  /** Whether there are any. */
  readonly isNone: boolean;
  /**
   * Tells each of its column's value at a sample, and puts what it says into the row. No value breaks it, as missing trades
   * break what is of bars; so does an interruption since the sample before.
   * @param states of all features of the set
   * @param values of all columns; those of other features are there
   * @param broken columns that were interrupted, as in a vector
   */
  readonly evolve: (states: unknown[], values: (number | null)[], timeMs: number, broken: number) => void;
}

type Fold = FeatureFold<ClosedBar | BarBreak, unknown, FeatureValue>;

interface Used {
  readonly feature: number;
  readonly fold: Fold;
  readonly source: number;
  /** How many other features of columns are between it and inputs. */
  readonly depth: number;
  /** The column of inputs that it is of in the end: what interrupts that, interrupts it. */
  readonly base: number;
  readonly outputs: readonly string[];
  readonly firstColumn: number;
}

const BAR_BREAK: BarBreak = { type: 'barBreak' };

export function columnFeatures({ features }: Pick<FeatureSet, 'features'>): ColumnFeatures {
  const makers = features.flatMap(({ outputs, of }) => outputs.map(() => of));
  const depthAndBase = (column: number): readonly [depth: number, base: number] => {
    let [depth, base] = [0, column];
    for (let of = makers[base]!; of !== null; of = makers[base]!) [depth, base] = [depth + 1, of];
    return [depth, base];
  };
  const used: Used[] = [];
  let firstColumn = 0;
  for (const [feature, { definition, parameters, outputs, of }] of features.entries()) {
    const fold = definition.create(parameters) as unknown as Fold;
    if (of !== null) {
      const [depth, base] = depthAndBase(of);
      used.push({ feature, fold, source: of, depth, base, outputs, firstColumn });
    }
    firstColumn += outputs.length;
  }
  // Each behind the one whose column it is of. There is no circle among them: a set that has one is refused.
  const inOrder = used.toSorted((one, other) => one.depth - other.depth);
  return {
    isNone: used.length === 0,
    evolve(states, values, timeMs, broken) {
      for (const { feature, fold, source, base, outputs, firstColumn: at } of inOrder) {
        const value = values[source]!;
        let state = states[feature];
        if (value === null || isInMask(broken, base)) state = fold.evolve(state, BAR_BREAK);
        if (value !== null) state = fold.evolve(state, barOf(value, timeMs));
        states[feature] = state;
        const said = fold.project(state);
        for (const [n, output] of outputs.entries()) values[at + n] = outputValue(said, output);
      }
    },
  };
}

/** A bar that is but one number. */
function barOf(value: number, timeMs: number): ClosedBar {
  const prices = { open: value, high: value, low: value, close: value };
  return { type: 'bar', openTimeMs: timeMs, closeTimeMs: timeMs, ...prices, volume: 0 };
}

/** Whether bit n is set, also where it is beyond those of bitwise operators. */
export function isInMask(mask: number, n: number): boolean {
  return mask !== 0 && Math.floor(mask / 2 ** n) % 2 === 1;
}
