import type { Projection } from './fold.ts';

/**
 * A fold over many inputs at once, such as an indicator over all bars of a history: the same fold as live, so the same
 * numbers.
 * @param outputs names of what it says that are wanted; '' is a number that it says alone
 * @returns a column for each output, as long as the inputs; NaN: nothing was said
 */
export function inBatch<Input, State>(
  { initialState, evolve, project }: Projection<Input, State, number | object>,
  inputs: ArrayLike<Input>,
  outputs: readonly string[] = [''],
): Float64Array[] {
  const columns = outputs.map(() => new Float64Array(inputs.length).fill(Number.NaN));
  let state = initialState();
  for (let n = 0; n < inputs.length; n++) {
    const input = inputs[n]!;
    state = evolve(state, input);
    const said = project(state, input);
    if (said === undefined) continue;
    if (typeof said === 'number') columns[0]![n] = said;
    else for (let at = 0; at < columns.length; at++) columns[at]![n] = (said as Record<string, number>)[outputs[at]!]!;
  }
  return columns;
}
