import type { Random } from '../../../operators/random.ts';
import type { Space } from '../../../pipelines/environment/space.ts';
import { categorical } from './categorical.ts';
import { diagonalGaussian } from './diagonal-gaussian.ts';

/** How a policy's outputs for an observation become an action. Rows are float32[rows, outputCount] and [rows, actionSize]. */
export interface ActionDistribution {
  /** Numbers that the network says for an observation. */
  readonly outputCount: number;
  /** Draws the action of a row and says the logarithm of its probability (density). */
  readonly draw: (outputs: Float32Array, row: number, random: Random, actions: Float32Array) => number;
  readonly logProbability: (outputs: Float32Array, row: number, actions: Float32Array) => number;
  /** Nats. */
  readonly entropy: (outputs: Float32Array, row: number) => number;
  /**
   * Writes the gradient of a loss by a row's outputs, from those by its logarithm of probability and by its entropy; that by
   * the distribution's own parameters is added up.
   */
  readonly writeGradient: (
    row: number,
    by: { readonly logProbability: number; readonly entropy: number },
    given: { readonly outputs: Float32Array; readonly actions: Float32Array },
    outputGradient: Float32Array,
  ) => void;
}

/** Trained parameters that a distribution for the space has beside the network's: of a box, the logarithm of each deviation. */
export function ownParameterCount(space: Space): number {
  return space.type === 'discrete' ? 0 : space.low.length;
}

/**
 * Categorical over the actions of a discrete space, a Gaussian of independent numbers over a box.
 * @param parameters its own, of which `ownParameterCount` says how many there are
 * @param gradient where their gradient is added up
 */
export function actionDistribution(space: Space, parameters: Float32Array, gradient: Float32Array): ActionDistribution {
  return space.type === 'discrete' ? categorical(space.count) : diagonalGaussian(parameters, gradient);
}
