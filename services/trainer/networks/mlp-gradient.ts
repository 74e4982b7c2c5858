import type { Backend } from '../backend/backend.ts';
import { activate, timesSlope } from './activation.ts';
import { denseGradient } from './dense-gradient.ts';
import { type Mlp, mlpLayers } from './mlp.ts';

/** A perceptron's outputs for a batch, and what a loss changes by with its parameters. */
export interface MlpGradient {
  /**
   * @param inputs float32[batch, in]; kept for what is asked next
   * @returns float32[batch, out]
   */
  readonly forward: (inputs: Float32Array) => Float32Array;
  /**
   * Writes the gradient of the parameters, for the batch of the last `forward`.
   * @param outputGradient float32[batch, out]: of the loss, by the outputs
   */
  readonly backward: (outputGradient: Float32Array) => void;
  /** As `backward`, and of the loss by the inputs too: float32[batch, in]. */
  readonly backwardToInputs: (outputGradient: Float32Array) => Float32Array;
  /**
   * Of the loss by the inputs, for the batch of the last `forward`; the gradient of the parameters stays as it is.
   * @returns float32[batch, in]
   */
  readonly inputGradient: (outputGradient: Float32Array) => Float32Array;
}

/**
 * Back-propagation written out by hand: the products of matrices are TensorFlow's, all that goes number by number is done in
 * place on typed arrays. The gradient that `tf.grads` would give is the same, made of several times as many calls.
 * @param gradient where the parameters' gradient is written, laid out as they are
 */
export function mlpGradient(backend: Backend, mlp: Mlp, gradient: Float32Array): MlpGradient {
  const { parameters, activation } = mlp;
  const layers = mlpLayers(mlp.sizes).map((layer) => denseGradient(backend, layer, parameters, gradient));
  /** What goes into each layer, as of the last `forward`. */
  const inputsOf: Float32Array[] = [];

  const forward = (batch: Float32Array): Float32Array => {
    let values = batch;
    for (const [n, layer] of layers.entries()) {
      inputsOf[n] = values;
      values = layer.forward(values);
      if (n < layers.length - 1) activate(values, activation);
    }
    return values;
  };

  const propagate = (outputGradient: Float32Array, wants: { parameters: boolean; inputs: boolean }): Float32Array => {
    let delta = outputGradient;
    for (let n = layers.length - 1; n >= 0; n--) {
      const values = inputsOf[n]!;
      if (wants.parameters) layers[n]!.backward(values, delta);
      if (n > 0 || wants.inputs) delta = layers[n]!.through(delta);
      if (n > 0) timesSlope(delta, values, activation);
    }
    return delta;
  };

  return {
    forward,
    backward: (outputGradient) => void propagate(outputGradient, { parameters: true, inputs: false }),
    backwardToInputs: (outputGradient) => propagate(outputGradient, { parameters: true, inputs: true }),
    inputGradient: (outputGradient) => propagate(outputGradient, { parameters: false, inputs: true }),
  };
}
