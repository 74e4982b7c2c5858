import type { Backend } from '../backend/backend.ts';
import { type Dense, denseParameters } from './dense.ts';

/** A dense layer's products of matrices, on the backend. */
export interface DenseGradient {
  /**
   * @param values float32[rows, in]
   * @returns float32[rows, out]: values × weights + biases
   */
  readonly forward: (values: Float32Array) => Float32Array;
  /**
   * Writes the gradient of the parameters.
   * @param delta float32[rows, out]: of the loss, by what `forward` made of the values
   */
  readonly backward: (values: Float32Array, delta: Float32Array) => void;
  /** @returns float32[rows, in]: of the loss, by the values */
  readonly through: (delta: Float32Array) => Float32Array;
}

/**
 * All matrices are turned before they are multiplied: the wasm backend is several times slower where it does both at once.
 * @param gradient where the parameters' gradient is written, laid out as they are
 */
export function denseGradient(
  { tf }: Backend,
  layer: Dense,
  parameters: Float32Array,
  gradient: Float32Array,
): DenseGradient {
  const { inputs, outputs } = layer;
  const { weights, biases } = denseParameters(parameters, layer);
  return {
    forward: (values) => {
      const a = tf.tensor2d(values, [values.length / inputs, inputs]);
      const b = tf.tensor2d(weights, [inputs, outputs]);
      const bias = tf.tensor1d(biases);
      const sums = tf.fused.matMul({ a, b, bias });
      const found = sums.dataSync() as Float32Array;
      tf.dispose([a, b, bias, sums]);
      return found;
    },
    backward: (values, delta) => {
      const own = denseParameters(gradient, layer);
      const matrix = tf.tensor2d(values, [values.length / inputs, inputs]);
      const turned = tf.transpose(matrix);
      const deltas = tf.tensor2d(delta, [delta.length / outputs, outputs]);
      const product = tf.matMul(turned, deltas);
      own.weights.set(product.dataSync());
      tf.dispose([matrix, turned, deltas, product]);
      own.biases.fill(0);
      for (let at = 0; at < delta.length; at += outputs)
        for (let k = 0; k < outputs; k++) own.biases[k]! += delta[at + k]!;
    },
    through: (delta) => {
      const deltas = tf.tensor2d(delta, [delta.length / outputs, outputs]);
      const matrix = tf.tensor2d(weights, [inputs, outputs]);
      const turned = tf.transpose(matrix);
      const product = tf.matMul(deltas, turned);
      const found = product.dataSync() as Float32Array;
      tf.dispose([deltas, matrix, turned, product]);
      return found;
    },
  };
}
