import type { ActionDistribution } from './action-distribution.ts';

const HALF_LOG_2_PI = Math.log(2 * Math.PI) / 2;

/**
 * A vector of independent normal numbers; the network's outputs are their means.
 * @param logDeviations of each number, the same for every observation: trained beside the network
 * @param gradient where theirs is added up
 */
export function diagonalGaussian(logDeviations: Float32Array, gradient: Float32Array): ActionDistribution {
  const size = logDeviations.length;
  const logProbability = (outputs: Float32Array, row: number, actions: Float32Array): number => {
    let log = 0;
    for (let i = 0; i < size; i++) {
      const z = (actions[row * size + i]! - outputs[row * size + i]!) / Math.exp(logDeviations[i]!);
      log -= (z * z) / 2 + logDeviations[i]! + HALF_LOG_2_PI;
    }
    return log;
  };
  return {
    outputCount: size,
    draw: (outputs, row, random, actions) => {
      for (let i = row * size; i < (row + 1) * size; i++)
        actions[i] = outputs[i]! + Math.exp(logDeviations[i % size]!) * random.normal();
      return logProbability(outputs, row, actions);
    },
    logProbability,
    entropy: () => logDeviations.reduce((sum, log) => sum + log + HALF_LOG_2_PI + 0.5, 0),
    writeGradient: (row, by, { outputs, actions }, outputGradient) => {
      for (let i = 0; i < size; i++) {
        const at = row * size + i;
        const deviation = Math.exp(logDeviations[i]!);
        const z = (actions[at]! - outputs[at]!) / deviation;
        outputGradient[at] = (by.logProbability * z) / deviation;
        gradient[i]! += by.logProbability * (z * z - 1) + by.entropy;
      }
    },
  };
}
