import type { Backend } from '../backend/backend.ts';
import { convolutionGradient } from './convolution-gradient.ts';
import { gruGradient, type Sequences } from './gru-gradient.ts';
import { mlpGradient } from './mlp-gradient.ts';
import { type Network, networkParts } from './network.ts';

/** A network's outputs for a batch, and what a loss changes by with its parameters. */
export interface NetworkGradient {
  /**
   * @param inputs float32[batch, in]; kept for `backward`
   * @param sequences how the rows follow one another, for a network with a memory
   * @returns float32[batch, out]
   */
  readonly forward: (inputs: Float32Array, sequences?: Sequences) => Float32Array;
  /**
   * Writes the gradient of the parameters, for the batch of the last `forward`.
   * @param outputGradient float32[batch, out]: of the loss, by the outputs
   */
  readonly backward: (outputGradient: Float32Array) => void;
}

/** @param gradient where the parameters' gradient is written, laid out as they are */
export function networkGradient(backend: Backend, network: Network, gradient: Float32Array): NetworkGradient {
  const { convolution, gru, mlp } = networkParts(network);
  const parts = networkParts(network, gradient);
  const { activation } = network;
  const perceptron = mlpGradient(backend, mlp, parts.mlp.parameters);
  const convolutions =
    convolution === undefined
      ? undefined
      : convolutionGradient(backend, network.convolution!, convolution.plan, {
          parameters: convolution.parameters,
          activation,
          gradient: parts.convolution!.parameters,
        });
  const memory = gru === undefined ? undefined : gruGradient(backend, gru.plan, gru.parameters, parts.gru!.parameters);
  return {
    forward: (inputs, sequences) => {
      const seen = convolutions?.forward(inputs) ?? inputs;
      if (memory === undefined) return perceptron.forward(seen);
      if (sequences === undefined) throw new Error('sequences: expected those of a network with a memory, found none');
      return perceptron.forward(memory.forward(seen, sequences));
    },
    backward: (outputGradient) => {
      if (memory === undefined && convolutions === undefined) return perceptron.backward(outputGradient);
      let delta = perceptron.backwardToInputs(outputGradient);
      memory?.backward(delta);
      if (convolutions === undefined) return;
      delta = memory?.inputGradient() ?? delta;
      convolutions.backward(delta);
    },
  };
}
