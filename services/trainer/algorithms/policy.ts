import { type Space, spaceSize } from '../../../pipelines/environment/space.ts';
import { type Mlp, mlpInference } from '../networks/mlp.ts';
import { type MomentsState, runningMoments } from './running-moments.ts';
import { actionOf } from './vector-environment.ts';

/** A trained policy as plain data: all that is needed to act, and nothing of the training. */
export interface PolicyData {
  readonly network: Mlp;
  readonly actionSpace: Space;
  /** Of the observations, as they were at the end of the training; null where they are taken as they are. */
  readonly moments: MomentsState | null;
  /**
   * What is done with the network's outputs: the greatest of the first ones names the action, they are the action, or their
   * hyperbolic tangents are, stretched to the bounds.
   */
  readonly head: 'greatest' | 'mean' | 'squashed-mean';
}

/** The likeliest action for an observation. */
export type Policy = (observation: Float32Array) => number | Float32Array;

/** Needs no backend; the same data and observation give the same action everywhere. */
export function openPolicy({ network, actionSpace, moments, head }: PolicyData): Policy {
  const infer = mlpInference(network);
  const normalise = moments === null ? undefined : runningMoments(network.sizes[0]!, moments).normalise;
  const size = spaceSize(actionSpace);
  return (observation) => {
    const outputs = infer(normalise?.(observation) ?? observation);
    if (actionSpace.type === 'discrete') return greatest(outputs, actionSpace.count);
    if (head === 'mean') return actionOf(actionSpace, outputs, 0);
    return Float32Array.from({ length: size }, (_, i) => {
      const [low, high] = [actionSpace.low[i]!, actionSpace.high[i]!];
      return low + ((Math.tanh(outputs[i]!) + 1) / 2) * (high - low);
    });
  };
}

/** Which of `count` values from `at` on is the greatest; of equal ones the first. */
export function greatest(values: Float32Array, count: number, at = 0): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[at + k]! > values[at + best]!) best = k;
  return best;
}
