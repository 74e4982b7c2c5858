import { BadInput } from '../../../infra/setup-error.ts';
import type { Random } from '../../../operators/random.ts';
import { type Activation, activate } from './activation.ts';
import { type Dense, denseLayers, denseParameterCount, denseParameters, initialiseDense } from './dense.ts';
import { rowProduct } from './row-product.ts';

/**
 * Convolutions along the time of a window, the latest step last, each followed by the activation. An observation is
 * `leading` numbers, which go past them, and then the window [steps, channels], such as the sizes of book levels over time.
 */
export interface Convolution {
  readonly leading: number;
  /** Numbers of a step of the window. */
  readonly channels: number;
  readonly layers: readonly ConvolutionLayer[];
}

export interface ConvolutionLayer {
  readonly filters: number;
  /** Steps that a filter sees at once. */
  readonly kernel: number;
  /** Steps from one place of a filter to the next. */
  readonly stride: number;
}

/**
 * A convolution is a dense layer at each of its places: a patch [kernel, channels] goes in, which lies in one piece in the
 * window, and the filters come out. So [steps, channels] becomes [places, filters], the next layer's window.
 */
export interface ConvolutionPlace extends Dense {
  readonly steps: number;
  readonly places: number;
  /** Numbers from one patch to the next. */
  readonly patchStride: number;
}

export interface ConvolutionPlan {
  readonly layers: readonly ConvolutionPlace[];
  readonly inputs: number;
  /** The leading numbers, and all filters at all places of the last layer. */
  readonly outputs: number;
  readonly parameterCount: number;
}

/** @throws BadInput where the observation is no window of these channels, or a kernel is longer than what it looks at */
export function convolutionPlan({ leading, channels, layers }: Convolution, inputs: number): ConvolutionPlan {
  const windowSteps = (inputs - leading) / channels;
  if (!(Number.isInteger(windowSteps) && windowSteps > 0))
    throw new BadInput(
      `convolution/channels: expected observations of ${leading} numbers and steps of ${channels}, found ${inputs} numbers`,
    );
  let [steps, width] = [windowSteps, channels];
  const shapes = layers.map(({ filters, kernel, stride }, n) => {
    if (kernel > steps)
      throw new BadInput(`convolution/layers/${n}/kernel: expected at most ${steps}, its steps, found ${kernel}`);
    const places = Math.floor((steps - kernel) / stride) + 1;
    const shape = { steps, places, patchStride: stride * width, size: [kernel * width, filters] as const };
    [steps, width] = [places, filters];
    return shape;
  });
  const dense = denseLayers(shapes.map(({ size }) => size));
  return {
    layers: shapes.map(({ size: _, ...shape }, n) => ({ ...shape, ...dense[n]! })),
    inputs,
    outputs: leading + steps * width,
    parameterCount: denseParameterCount(dense),
  };
}

/** Orthogonal filters, with a gain of √2; biases of zero. */
export function initialiseConvolution(plan: ConvolutionPlan, parameters: Float32Array, random: Random): void {
  for (const layer of plan.layers) initialiseDense(parameters, layer, Math.SQRT2, random);
}

/**
 * What the convolutions make of a few observations, without a backend.
 * @returns a function from float32[rows, plan.inputs] to float32[rows, plan.outputs], which is lent until its next call
 */
export function convolutionInference(
  { leading }: Convolution,
  plan: ConvolutionPlan,
  parameters: Float32Array,
  activation: Activation,
): (inputs: Float32Array) => Float32Array {
  const window = new Float64Array(plan.inputs - leading);
  const layers = plan.layers.map((layer) => ({
    ...layer,
    ...denseParameters(parameters, layer),
    patch: new Float64Array(layer.inputs),
    sums: new Float64Array(layer.outputs),
    values: new Float64Array(layer.places * layer.outputs),
  }));
  let outputs = new Float32Array(plan.outputs);
  return (inputs) => {
    const rows = inputs.length / plan.inputs;
    if (outputs.length !== rows * plan.outputs) outputs = new Float32Array(rows * plan.outputs);
    for (let row = 0; row < rows; row++) {
      const at = row * plan.inputs;
      for (let i = 0; i < leading; i++) outputs[row * plan.outputs + i] = inputs[at + i]!;
      for (let i = 0; i < window.length; i++) window[i] = inputs[at + leading + i]!;
      let values = window;
      for (const layer of layers) {
        for (let place = 0; place < layer.places; place++) {
          const from = place * layer.patchStride;
          for (let i = 0; i < layer.inputs; i++) layer.patch[i] = values[from + i]!;
          rowProduct(layer.patch, layer, layer.sums);
          layer.values.set(layer.sums, place * layer.outputs);
        }
        activate(layer.values, activation);
        values = layer.values;
      }
      outputs.set(values, row * plan.outputs + leading);
    }
    return outputs;
  };
}
