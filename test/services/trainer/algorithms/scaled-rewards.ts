import type { Environment } from '../../../../pipelines/environment/environment.ts';

/** The same environment with rewards of another size. */
export function scaledRewards(environment: Environment, scale: number): Environment {
  return {
    ...environment,
    step(action) {
      const step = environment.step(action);
      return { ...step, reward: step.reward * scale };
    },
  };
}
