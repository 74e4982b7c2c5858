import type { Tensor2D } from '@tensorflow/tfjs';
import type { Backend } from '../backend/backend.ts';
import { activate, type Layer, type Mlp, mlpLayers } from './mlp.ts';

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
export function mlpGradient({ tf }: Backend, mlp: Mlp, gradient: Float32Array): MlpGradient {
  const { parameters, activation } = mlp;
  const layers = mlpLayers(mlp.sizes);
  /** What goes into each layer, as of the last `forward`. */
  const inputsOf: Float32Array[] = [];
  const weightsOf = ({ weightsAt, biasesAt, inputs, outputs }: Layer): Tensor2D =>
    tf.tensor2d(parameters.subarray(weightsAt, biasesAt), [inputs, outputs]);

  const forward = (batch: Float32Array): Float32Array => {
    let values = batch;
    for (const [n, layer] of layers.entries()) {
      inputsOf[n] = values;
      const a = tf.tensor2d(values, [values.length / layer.inputs, layer.inputs]);
      const b = weightsOf(layer);
      const bias = tf.tensor1d(parameters.subarray(layer.biasesAt, layer.biasesAt + layer.outputs));
      const sums = tf.fused.matMul({ a, b, bias });
      values = sums.dataSync() as Float32Array;
      tf.dispose([a, b, bias, sums]);
      if (n < layers.length - 1) activate(values, activation);
    }
    return values;
  };

  /** Of a layer's parameters, from that of its sums. */
  const writeGradient = (layer: Layer, values: Float32Array, delta: Float32Array, deltaTensor: Tensor2D): void => {
    const { inputs, outputs, weightsAt, biasesAt } = layer;
    const matrix = tf.tensor2d(values, [values.length / inputs, inputs]);
    const turned = tf.transpose(matrix);
    const product = tf.matMul(turned, deltaTensor);
    gradient.set(product.dataSync(), weightsAt);
    tf.dispose([matrix, turned, product]);
    const biases = gradient.subarray(biasesAt, biasesAt + outputs).fill(0);
    for (let at = 0; at < delta.length; at += outputs) for (let k = 0; k < outputs; k++) biases[k]! += delta[at + k]!;
  };

  /** Of what goes into a layer, from that of its sums. */
  const through = (layer: Layer, delta: Tensor2D): Float32Array => {
    const weights = weightsOf(layer);
    const turned = tf.transpose(weights);
    const product = tf.matMul(delta, turned);
    const values = product.dataSync() as Float32Array;
    tf.dispose([weights, turned, product]);
    return values;
  };

  const propagate = (outputGradient: Float32Array, wants: 'parameters' | 'inputs'): Float32Array => {
    let delta = outputGradient;
    for (let n = layers.length - 1; n >= 0; n--) {
      const layer = layers[n]!;
      const values = inputsOf[n]!;
      const tensor = tf.tensor2d(delta, [delta.length / layer.outputs, layer.outputs]);
      if (wants === 'parameters') writeGradient(layer, values, delta, tensor);
      if (n > 0 || wants === 'inputs') delta = through(layer, tensor);
      tensor.dispose();
      if (n > 0) timesSlope(delta, values, activation);
    }
    return delta;
  };

  return {
    forward,
    backward: (outputGradient) => void propagate(outputGradient, 'parameters'),
    inputGradient: (outputGradient) => propagate(outputGradient, 'inputs'),
  };
}

/** Times the activation's slope, which its own values tell. */
function timesSlope(delta: Float32Array, values: Float32Array, activation: Mlp['activation']): void {
  if (activation === 'tanh') for (let i = 0; i < delta.length; i++) delta[i]! *= 1 - values[i]! * values[i]!;
  else for (let i = 0; i < delta.length; i++) if (values[i]! <= 0) delta[i] = 0;
}
