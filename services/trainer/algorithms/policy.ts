import { type Space, spaceSize } from '../../../pipelines/environment/space.ts';
import { type Network, networkInference } from '../networks/network.ts';
import { actionOf } from './environment-group.ts';
import { type MomentsState, runningMoments } from './running-moments.ts';

/** A trained policy as plain data: all that is needed to act, and nothing of the training. */
export interface PolicyData {
  readonly network: Network;
  readonly actionSpace: Space;
  /** Of the observations, as they were at the end of the training; null where they are taken as they are. */
  readonly moments: MomentsState | null;
  /**
   * What is done with the network's outputs: the greatest of the first ones names the action, they are the action, or their
   * hyperbolic tangents are, stretched to the bounds.
   */
  readonly head: 'greatest' | 'mean' | 'squashed-mean';
}

/** The likeliest action for an observation; of a network with a memory, for it and all since the last `reset`. */
export interface Policy {
  (observation: Float32Array): number | Float32Array;
  /** Forgets what was seen, as where an episode begins; without a memory there is nothing to forget. */
  readonly reset: () => void;
}

/** Needs no backend; the same data and observations give the same actions everywhere. */
export function openPolicy({ network, actionSpace, moments, head }: PolicyData): Policy {
  const infer = networkInference(network);
  const normalise = moments === null ? undefined : runningMoments(network.sizes[0]!, moments).normalise;
  const size = spaceSize(actionSpace);
  const state = new Float32Array(network.recurrentSize ?? 0);
  const decide = (observation: Float32Array): number | Float32Array => {
    const outputs = infer(normalise?.(observation) ?? observation, state);
    if (actionSpace.type === 'discrete') return greatest(outputs, actionSpace.count);
    if (head === 'mean') return actionOf(actionSpace, outputs, 0);
    return Float32Array.from({ length: size }, (_, i) => {
      const [low, high] = [actionSpace.low[i]!, actionSpace.high[i]!];
      return low + ((Math.tanh(outputs[i]!) + 1) / 2) * (high - low);
    });
  };
  return Object.assign(decide, { reset: () => void state.fill(0) });
}

/** Which of `count` values from `at` on is the greatest; of equal ones the first. */
export function greatest(values: Float32Array, count: number, at = 0): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[at + k]! > values[at + best]!) best = k;
  return best;
}
