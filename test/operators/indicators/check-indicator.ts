import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Projection } from '../../../operators/fold.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import type { Values } from './naive-windows.ts';

/** And twenty units in the last place of a price here, for what is a small difference of two. */
const RELATIVE = 1e-12;
const ABSOLUTE = 20 * 2 ** -33;

/** An indicator, and what it is by its definition, by output; '' is the output itself. */
export interface Case<Input> {
  readonly name: string;
  readonly projection: Projection<Input, never, unknown>;
  readonly expected: (inputs: readonly Input[]) => Readonly<Record<string, Values>>;
}

export function indicator<Input, State>(
  name: string,
  projection: Projection<Input, State, unknown>,
  expected: Case<Input>['expected'],
): Case<Input> {
  return { name, projection: projection as unknown as Projection<Input, never, unknown>, expected };
}

/** What an indicator says of each input; undefined: nothing. */
export function run<Input, State>(
  { initialState, evolve, project }: Projection<Input, State, unknown>,
  inputs: readonly Input[],
): unknown[] {
  let state = initialState();
  return inputs.map((input) => {
    state = evolve(state, input);
    return project(state, input);
  });
}

/** That an indicator is what it is by its definition, and what every projection is. */
export function checkIndicator<Input>(test: Test, each: Case<Input>, inputs: () => readonly Input[]): void {
  const expected = each.expected(inputs());
  const [first] = Object.values(expected);
  testProjectionContract(test, each.name, {
    projection: each.projection,
    events: inputs,
    firstOutput: first!.findIndex((value) => value !== null),
  });

  test(`${each.name} is what it is by its definition`, () => {
    const outputs = run(each.projection, inputs());
    for (const [output, values] of Object.entries(expected))
      for (const [n, value] of values.entries()) {
        const found = outputs[n] === undefined ? null : output === '' ? outputs[n] : Reflect.get(outputs[n]!, output);
        if (value === null) assert.is(found, null, `${output} at ${n}`);
        else near(found as number, value, `${output} at ${n}`);
      }
  });
}

export function near(found: number, expected: number, message: string, relative = RELATIVE, absolute = ABSOLUTE): void {
  const isNear = Math.abs(found - expected) <= relative * Math.abs(expected) + absolute;
  assert.ok(isNear, `${message}: expected ${expected}, found ${found}`);
}

/** That what an indicator says after `warmUp` inputs does not depend on the inputs before them, to the last bit. */
export function checkSameWhereverBegun<Input>(
  { name, projection }: Case<Input>,
  inputs: readonly Input[],
  warmUp: number,
): void {
  const whole = run(projection, inputs);
  for (const start of [1, 37, 500]) {
    const later = run(projection, inputs.slice(start));
    assert.equal(later.slice(warmUp), whole.slice(start + warmUp), `${name} begun at ${start}`);
  }
}

/** That it says only finite numbers, or nothing. */
export function checkFinite<Input>({ name, projection }: Case<Input>, inputs: readonly Input[]): void {
  for (const [n, said] of run(projection, inputs).entries())
    for (const value of said === undefined ? [] : typeof said === 'number' ? [said] : Object.values(said as object))
      assert.ok(Number.isFinite(value), `${name} at ${n}: ${String(value)}`);
}
