import type { Random } from '../../../operators/random.ts';
import { fillOrthogonal } from './orthogonal.ts';

/** Where a dense layer's parameters lie: its weights [in, out], row by row, then its biases [out]. */
export interface Dense {
  readonly inputs: number;
  readonly outputs: number;
  readonly weightsAt: number;
  readonly biasesAt: number;
}

/** Layers of [inputs, outputs], their parameters one after the other from `at` on. */
export function denseLayers(sizes: readonly (readonly [number, number])[], at = 0): readonly Dense[] {
  let weightsAt = at;
  return sizes.map(([inputs, outputs]) => {
    const layer = { inputs, outputs, weightsAt, biasesAt: weightsAt + inputs * outputs };
    weightsAt += (inputs + 1) * outputs;
    return layer;
  });
}

export function denseParameterCount(layers: readonly Dense[]): number {
  return layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
}

/** A layer's own part of all parameters, which stays theirs. */
export function denseParameters(parameters: Float32Array, { weightsAt, biasesAt, outputs }: Dense): DenseParameters {
  return {
    weights: parameters.subarray(weightsAt, biasesAt),
    biases: parameters.subarray(biasesAt, biasesAt + outputs),
  };
}

export interface DenseParameters {
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/** Orthogonal weights, and biases of zero. */
export function initialiseDense(parameters: Float32Array, layer: Dense, gain: number, random: Random): void {
  const { weights, biases } = denseParameters(parameters, layer);
  fillOrthogonal(weights, { rows: layer.inputs, columns: layer.outputs, gain, random });
  biases.fill(0);
}
