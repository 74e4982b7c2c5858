import type { Random } from '../../../operators/random.ts';
import { hyperbolicTangents } from './hyperbolic-tangent.ts';
import { fillOrthogonal } from './orthogonal.ts';

export type Activation = 'tanh' | 'relu';

/** A multi-layer perceptron: each layer but the last is followed by the activation. */
export interface Mlp {
  /** Numbers in, of each hidden layer, and out. */
  readonly sizes: readonly number[];
  readonly activation: Activation;
  /** float32[mlpParameterCount(sizes)]: of each layer its weights [in, out], row by row, then its biases [out]. */
  readonly parameters: Float32Array;
}

/** Where a layer's parameters lie. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightsAt: number;
  readonly biasesAt: number;
}

export function mlpLayers(sizes: readonly number[]): readonly Layer[] {
  let at = 0;
  return sizes.slice(1).map((outputs, n) => {
    const inputs = sizes[n]!;
    const layer = { inputs, outputs, weightsAt: at, biasesAt: at + inputs * outputs };
    at += (inputs + 1) * outputs;
    return layer;
  });
}

export function mlpParameterCount(sizes: readonly number[]): number {
  return mlpLayers(sizes).reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
}

/** Orthogonal weights, with a gain of √2 in the hidden layers and `outputGain` in the last; biases of zero. */
export function initialiseMlp({ sizes, parameters }: Mlp, outputGain: number, random: Random): void {
  const layers = mlpLayers(sizes);
  parameters.fill(0);
  for (const [n, { inputs, outputs, weightsAt, biasesAt }] of layers.entries())
    fillOrthogonal(parameters.subarray(weightsAt, biasesAt), {
      rows: inputs,
      columns: outputs,
      gain: n === layers.length - 1 ? outputGain : Math.SQRT2,
      random,
    });
}

/** In place. */
export function activate(values: Float32Array | Float64Array, activation: Activation): void {
  if (activation === 'tanh') hyperbolicTangents(values);
  else for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0;
}

/**
 * The outputs for a few inputs, without a backend: below some dozens of rows its calls would take longer than the work.
 * @returns a function from float32[rows, in] to float32[rows, out], which is lent until its next call
 */
export function mlpInference({ sizes, activation, parameters }: Mlp): (inputs: Float32Array) => Float32Array {
  const layers = mlpLayers(sizes).map((layer) => ({
    ...layer,
    weights: parameters.subarray(layer.weightsAt, layer.biasesAt),
    biases: parameters.subarray(layer.biasesAt, layer.biasesAt + layer.outputs),
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
        const { weights, biases, sums } = layers[n]!;
        product(values, weights, biases, sums);
        if (n < layers.length - 1) activate(sums, activation);
        values = sums;
      }
      outputs.set(values, row * outputCount);
    }
    return outputs;
  };
}

/** A row times a matrix, four of its rows at a time: each sum is then read and written a quarter as often. */
function product(values: Float64Array, weights: Float32Array, biases: Float32Array, sums: Float64Array): void {
  const width = sums.length;
  const whole = values.length & ~3;
  for (let k = 0; k < width; k++) sums[k] = biases[k]!;
  for (let j = 0; j < whole; j += 4) {
    const [a, b, c, d] = [values[j]!, values[j + 1]!, values[j + 2]!, values[j + 3]!];
    const first = j * width;
    const second = first + width;
    const third = second + width;
    const fourth = third + width;
    for (let k = 0; k < width; k++)
      sums[k]! +=
        a * weights[first + k]! + b * weights[second + k]! + c * weights[third + k]! + d * weights[fourth + k]!;
  }
  for (let j = whole; j < values.length; j++) {
    const value = values[j]!;
    for (let k = 0; k < width; k++) sums[k]! += value * weights[j * width + k]!;
  }
}
