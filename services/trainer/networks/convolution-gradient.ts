import type { Backend } from '../backend/backend.ts';
import { type Activation, activate, timesSlope } from './activation.ts';
import type { Convolution, ConvolutionPlace, ConvolutionPlan } from './convolution.ts';
import { denseGradient } from './dense-gradient.ts';

/** What convolutions make of a batch of observations, and what a loss changes by with their parameters. */
export interface ConvolutionGradient {
  /** From float32[batch, plan.inputs] to float32[batch, plan.outputs]. */
  readonly forward: (inputs: Float32Array) => Float32Array;
  /**
   * Writes the gradient of the parameters, for the batch of the last `forward`.
   * @param outputGradient float32[batch, plan.outputs]
   */
  readonly backward: (outputGradient: Float32Array) => void;
}

/**
 * By hand, as products of matrices of patches: TensorFlow.js has no gradient of a convolution's filters on WebAssembly, and
 * there that of the patches costs no more than its own convolution.
 * @param gradient where the parameters' gradient is written, laid out as they are
 */
export function convolutionGradient(
  backend: Backend,
  { leading }: Convolution,
  plan: ConvolutionPlan,
  { parameters, activation, gradient }: { parameters: Float32Array; activation: Activation; gradient: Float32Array },
): ConvolutionGradient {
  const layers = plan.layers.map((layer) => ({ ...layer, ...denseGradient(backend, layer, parameters, gradient) }));
  /** Of each layer, as of the last `forward`. */
  const patchesOf: Float32Array[] = [];
  const valuesOf: Float32Array[] = [];
  return {
    forward: (inputs) => {
      const batch = inputs.length / plan.inputs;
      let values = columns(inputs, batch, leading);
      for (const [n, layer] of layers.entries()) {
        patchesOf[n] = patches(values, layer, batch);
        values = layer.forward(patchesOf[n]);
        activate(values, activation);
        valuesOf[n] = values;
      }
      const outputs = new Float32Array(batch * plan.outputs);
      const flat = plan.outputs - leading;
      for (let row = 0; row < batch; row++) {
        outputs.set(inputs.subarray(row * plan.inputs, row * plan.inputs + leading), row * plan.outputs);
        outputs.set(values.subarray(row * flat, (row + 1) * flat), row * plan.outputs + leading);
      }
      return outputs;
    },
    backward: (outputGradient) => {
      const batch = outputGradient.length / plan.outputs;
      let delta = columns(outputGradient, batch, leading);
      for (let n = layers.length - 1; n >= 0; n--) {
        const layer = layers[n]!;
        timesSlope(delta, valuesOf[n]!, activation);
        layer.backward(patchesOf[n]!, delta);
        if (n > 0) delta = addedUp(layer.through(delta), layer, batch, valuesOf[n - 1]!.length);
      }
    },
  };
}

/** Rows without their first columns. */
function columns(rows: Float32Array, count: number, from: number): Float32Array {
  const width = rows.length / count;
  const rest = new Float32Array(count * (width - from));
  for (let row = 0; row < count; row++)
    rest.set(rows.subarray(row * width + from, (row + 1) * width), row * (width - from));
  return rest;
}

/** What a layer looks at in each place of each window of the batch: float32[batch × places, kernel × channels]. */
function patches(windows: Float32Array, layer: ConvolutionPlace, batch: number): Float32Array {
  const { places, patchStride, inputs } = layer;
  const size = windows.length / batch;
  const found = new Float32Array(batch * places * inputs);
  for (let row = 0; row < batch; row++)
    for (let place = 0; place < places; place++) {
      const at = row * size + place * patchStride;
      found.set(windows.subarray(at, at + inputs), (row * places + place) * inputs);
    }
  return found;
}

/** The other way: patches that lie over one another add up. */
function addedUp(ofPatches: Float32Array, layer: ConvolutionPlace, batch: number, length: number): Float32Array {
  const { places, patchStride, inputs } = layer;
  const size = length / batch;
  const windows = new Float32Array(length);
  for (let row = 0; row < batch; row++)
    for (let place = 0; place < places; place++) {
      const to = row * size + place * patchStride;
      const from = (row * places + place) * inputs;
      for (let i = 0; i < inputs; i++) windows[to + i]! += ofPatches[from + i]!;
    }
  return windows;
}
