import type { Backend } from '../backend/backend.ts';
import { networkGradient } from '../networks/network-gradient.ts';
import type { TrainedNetwork } from './actor-critic.ts';
import { clippedValueLoss } from './clipped-losses.ts';
import { type GatheredSteps, rowsOf, sequencesOf } from './recurrent-batch.ts';
import { gather } from './replay-buffer.ts';

/** What values are learned from. Plain data: its arrays are read and written where they lie. */
export interface ValueLearning {
  readonly trained: TrainedNetwork;
  /** float32[rows, in]. */
  readonly observations: Float32Array;
  /** float32[rows]: of the values before the update, and what they are to become. */
  readonly values: Float32Array;
  readonly returns: Float32Array;
  readonly steps: GatheredSteps;
  /** float32[environments, recurrentSize]: what the network remembered where the steps began. */
  readonly statesFirst: Float32Array;
  readonly clipRange: number;
  readonly coefficient: number;
}

/** Learns of minibatches, whose gradient it writes between the two. */
export interface ValueLearner {
  /** @param named rows; of a network with a memory environments */
  readonly begin: (named: Uint32Array) => void;
  /** @returns the sum over the rows of the loss, without the coefficient */
  readonly finish: () => number;
}

/** In the caller's own thread. */
export function valueLearner(backend: Backend, learning: ValueLearning): ValueLearner {
  const { observations, values, returns, steps, statesFirst, clipRange, coefficient } = learning;
  const { network, gradient } = learning.trained;
  const { forward, backward } = networkGradient(backend, network, gradient);
  const hasMemory = network.recurrentSize !== undefined;
  const observationSize = network.sizes[0]!;
  let loss = 0;
  return {
    begin(named) {
      const rows = hasMemory ? rowsOf(named, steps) : named;
      const sequences = hasMemory ? sequencesOf(named, rows, steps, statesFirst) : undefined;
      const outputGradient = new Float32Array(rows.length);
      const batch = {
        values: forward(gather(observations, rows, observationSize), sequences),
        before: gather(values, rows, 1),
        returns: gather(returns, rows, 1),
      };
      loss = clippedValueLoss(batch, { clipRange, coefficient }, outputGradient);
      backward(outputGradient);
    },
    finish: () => loss,
  };
}
