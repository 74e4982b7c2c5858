import type { Environment } from '../../../pipelines/environment/environment.ts';
import { type Space, spaceSize } from '../../../pipelines/environment/space.ts';

/** What someone decided, one decision a row, as they followed one another. */
export interface Demonstrations {
  /** float32[rows, observationSize] */
  readonly observations: Float32Array;
  /** float32[rows, actionSize] */
  readonly actions: Float32Array;
  readonly observationSize: number;
  readonly actionSpace: Space;
}

/**
 * Lets someone decide in an environment, episode after episode, and writes down what was seen and done.
 * @param decide as a strategy would; the observation is lent
 */
export function demonstrate(
  environment: Environment,
  decide: (observation: Float32Array) => number | Float32Array,
  { steps, seed }: { readonly steps: number; readonly seed: number },
): Demonstrations {
  const { observationSpace, actionSpace } = environment;
  const observationSize = spaceSize(observationSpace);
  const actionSize = spaceSize(actionSpace);
  const observations = new Float32Array(steps * observationSize);
  const actions = new Float32Array(steps * actionSize);
  let { observation } = environment.reset({ seed });
  for (let row = 0; row < steps; row++) {
    observations.set(observation, row * observationSize);
    const action = decide(observation);
    if (typeof action === 'number') actions[row] = action;
    else actions.set(action, row * actionSize);
    const step = environment.step(action);
    observation = step.terminated || step.truncated ? environment.reset().observation : step.observation;
  }
  return { observations, actions, observationSize, actionSpace };
}
