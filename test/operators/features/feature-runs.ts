import { isDeepStrictEqual } from 'node:util';
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLadder, type Ladder, setLevels } from '../../../operators/book/ladder.ts';
import type {
  FeatureDefinition,
  FeatureFold,
  FeatureValue,
  Parameters,
} from '../../../operators/features/definition.ts';
import type { DepthView, FeatureInput, Sample } from '../../../operators/features/feature-input.ts';
import { resolveParameters } from '../../../operators/features/resolve-feature-set.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import { instrument, type Level, levels } from '../market-events.ts';

type Fold = FeatureFold<FeatureInput, unknown, FeatureValue>;

/** The feature's fold, fed only what its definition names. */
function foldOf(definition: FeatureDefinition, parameters: Parameters): Fold {
  const resolved = resolveParameters('test', definition, parameters);
  const { initialState, evolve, project } = definition.create(resolved) as unknown as Fold;
  const inputs: readonly string[] = definition.inputs;
  return {
    initialState,
    evolve: (state, event) => (inputs.includes(event.type) ? evolve(state, event) : state),
    project,
  };
}

/** What a feature says after each input; null: nothing. */
export function said(
  definition: FeatureDefinition,
  parameters: Parameters,
  inputs: Iterable<FeatureInput>,
): (FeatureValue | null)[] {
  const { initialState, evolve, project } = foldOf(definition, parameters);
  let state = initialState();
  const values: (FeatureValue | null)[] = [];
  for (const event of inputs) {
    state = evolve(state, event);
    values.push(project(state) ?? null);
  }
  return values;
}

/**
 * What every feature's fold keeps to, run as tests of the suite. One that asks for the instrument has been told of it
 * before the events: such an event has functions, which cannot be compared.
 */
export function testFeatureContract(
  test: Test,
  definition: FeatureDefinition,
  contract: {
    readonly parameters: Parameters;
    readonly events: () => readonly FeatureInput[];
    readonly firstOutput: number;
  },
): void {
  const { initialState, evolve, project } = foldOf(definition, contract.parameters);
  const told = (): unknown => evolve(initialState(), instrument());
  testProjectionContract(test, definition.name, {
    ...contract,
    projection: { initialState: told, evolve, project },
  });
}

/** Compares number by number, objects by their names; a difference of rounding is none. */
export function assertNear(found: readonly unknown[], expected: readonly unknown[], tolerance = 1e-9): void {
  assert.is(found.length, expected.length);
  for (const [n, value] of expected.entries())
    assert.ok(isNear(found[n], value, tolerance), `value ${n}: expected ${show(value)}, found ${show(found[n])}`);
}

function isNear(found: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof found === 'number' && typeof expected === 'number')
    return Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected));
  if (typeof found !== 'object' || typeof expected !== 'object' || found === null || expected === null)
    return isDeepStrictEqual(found, expected);
  const names = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
  return names.every((name) => isNear(Reflect.get(found, name), Reflect.get(expected, name), tolerance));
}

const show = (value: unknown): string => JSON.stringify(value) ?? String(value);

/** How many values there are. */
export const spoken = (values: readonly unknown[]): number => values.filter((value) => value !== null).length;

export const sample = (timeMs: number): Sample => ({ type: 'sample', timeMs });

/** A view of a book with these levels, in ladders of its own. */
export function depthView(atMs: number, bids: readonly Level[], asks: readonly Level[]): DepthView {
  const ladder = (side: 'bid' | 'ask', pairs: readonly Level[]): Ladder => {
    const made = createLadder(side);
    const { ticks, steps, count } = levels(pairs);
    setLevels(made, ticks, 0, steps, 0, count);
    return made;
  };
  return { type: 'depthView', transactionTimeMs: atMs, bids: ladder('bid', bids), asks: ladder('ask', asks) };
}
