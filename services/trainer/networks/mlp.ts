import type { Random } from '../../../operators/random.ts';
import { type Activation, activate } from './activation.ts';
import { type Dense, denseLayers, denseParameterCount, denseParameters, initialiseDense } from './dense.ts';
import { rowProduct } from './row-product.ts';

/** A multi-layer perceptron: each layer but the last is followed by the activation. */
export interface Mlp {
  /** Numbers in, of each hidden layer, and out. */
  readonly sizes: readonly number[];
  readonly activation: Activation;
  /** float32[mlpParameterCount(sizes)]: of each layer its weights [in, out], row by row, then its biases [out]. */
  readonly parameters: Float32Array;
}

export function mlpLayers(sizes: readonly number[]): readonly Dense[] {
  return denseLayers(sizes.slice(1).map((outputs, n) => [sizes[n]!, outputs]));
}

export function mlpParameterCount(sizes: readonly number[]): number {
  return denseParameterCount(mlpLayers(sizes));
}

/** Orthogonal weights, with a gain of √2 in the hidden layers and `outputGain` in the last; biases of zero. */
export function initialiseMlp({ sizes, parameters }: Mlp, outputGain: number, random: Random): void {
  const layers = mlpLayers(sizes);
  for (const [n, layer] of layers.entries())
    initialiseDense(parameters, layer, n === layers.length - 1 ? outputGain : Math.SQRT2, random);
}

/**
 * The outputs for a few inputs, without a backend: below some dozens of rows its calls would take longer than the work.
 * @returns a function from float32[rows, in] to float32[rows, out], which is lent until its next call
 */
export function mlpInference({ sizes, activation, parameters }: Mlp): (inputs: Float32Array) => Float32Array {
  const layers = mlpLayers(sizes).map((layer) => ({
    ...denseParameters(parameters, layer),
    sums: new Float64Array(layer.outputs),
  }));
  const inputCount = sizes[0]!;
  const outputCount = sizes.at(-1)!;
  const input = new Float64Array(inputCount);
  let outputs = new Float32Array(outputCount);
  return (inputs) => {
    const rows = inputs.length / inputCount;
    if (outputs.length !== rows * outputCount) outputs = new Float32Array(rows * outputCount);
    for (let row = 0; row < rows; row++) {
      let values = input;
      for (let i = 0; i < inputCount; i++) input[i] = inputs[row * inputCount + i]!;
      for (let n = 0; n < layers.length; n++) {
        const layer = layers[n]!;
        rowProduct(values, layer, layer.sums);
        if (n < layers.length - 1) activate(layer.sums, activation);
        values = layer.sums;
      }
      outputs.set(values, row * outputCount);
    }
    return outputs;
  };
}
