import { type BoxSpace, type Space, spaceHolds } from './space.ts';

/**
 * What an agent on candles may do: say the position that it wants, in parts of a greatest one; negative: short.
 *
 * - `flat-long-short`: 0 flat, 1 long, 2 short
 * - `targets`: the number of one of them
 * - `continuous`: the target itself, one number
 */
export type BarActions =
  | { readonly type: 'flat-long-short' }
  | { readonly type: 'targets'; readonly targets: readonly number[] }
  | { readonly type: 'continuous' };

/** Actions as targets. */
export interface TargetActions {
  readonly space: Space;
  /** From −1 to 1. @throws RangeError where the action is not of the space */
  targetOf(action: number | Float32Array): number;
}

const UNIT: BoxSpace = { type: 'box', low: Float32Array.of(-1), high: Float32Array.of(1) };

/** @throws RangeError that names the target which is none */
export function targetActions(actions: BarActions): TargetActions {
  if (actions.type === 'continuous')
    return {
      space: UNIT,
      targetOf(action) {
        if (!spaceHolds(UNIT, action)) refuse('a Float32Array of one number from -1 to 1', action);
        return (action as Float32Array)[0]!;
      },
    };
  const targets = Float64Array.from(actions.type === 'targets' ? actions.targets : [0, 1, -1]);
  if (targets.length === 0) throw new RangeError('actions, targets: expected at least one, found none');
  for (const target of targets)
    if (!(target >= -1 && target <= 1))
      throw new RangeError(`actions, targets: expected numbers from -1 to 1, found ${target}`);
  const space = { type: 'discrete', count: targets.length } as const;
  return {
    space,
    targetOf(action) {
      if (!spaceHolds(space, action)) refuse(`a whole number from 0 to ${targets.length - 1}`, action);
      return targets[action as number]!;
    },
  };
}

function refuse(expected: string, action: number | Float32Array): never {
  const found = typeof action === 'number' ? String(action) : `[${Array.from(action).join(', ')}]`;
  throw new RangeError(`action: expected ${expected}, found ${found}`);
}
