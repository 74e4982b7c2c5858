import type { Random } from '../../../operators/random.ts';
import {
  type Convolution,
  type ConvolutionPlan,
  convolutionInference,
  convolutionPlan,
  initialiseConvolution,
} from './convolution.ts';
import { type GruPlan, gruInference, gruPlan, initialiseGru } from './gru.ts';
import { initialiseMlp, type Mlp, mlpInference, mlpParameterCount } from './mlp.ts';

/**
 * A perceptron, and what may stand before it: convolutions over a window, then a memory. `sizes` begins with the numbers of
 * an observation, whatever reaches the perceptron of it. The parameters are those of the convolutions, of the memory and of
 * the perceptron, one after the other.
 */
export interface Network extends Mlp {
  readonly convolution?: Convolution;
  /** Units of a GRU whose state is carried from observation to observation. */
  readonly recurrentSize?: number;
}

export type NetworkShape = Omit<Network, 'parameters'>;

/** What a network is made of; views of its parameters. */
export interface NetworkParts {
  readonly convolution?: { readonly plan: ConvolutionPlan; readonly parameters: Float32Array };
  readonly gru?: { readonly plan: GruPlan; readonly parameters: Float32Array };
  readonly mlp: Mlp;
}

interface NetworkPlan {
  readonly convolution?: ConvolutionPlan;
  readonly gru?: GruPlan;
  readonly mlpSizes: readonly number[];
  readonly parameterCount: number;
}

/** @throws BadInput where the observation does not fit the convolutions */
export function networkPlan({ sizes, convolution, recurrentSize }: NetworkShape): NetworkPlan {
  const [inputs = 0, ...later] = sizes;
  const convolutions = convolution === undefined ? undefined : convolutionPlan(convolution, inputs);
  const seen = convolutions?.outputs ?? inputs;
  const gru = recurrentSize === undefined ? undefined : gruPlan(seen, recurrentSize);
  const mlpSizes = [gru?.units ?? seen, ...later];
  return {
    ...(convolutions === undefined ? {} : { convolution: convolutions }),
    ...(gru === undefined ? {} : { gru }),
    mlpSizes,
    parameterCount: (convolutions?.parameterCount ?? 0) + (gru?.parameterCount ?? 0) + mlpParameterCount(mlpSizes),
  };
}

/**
 * How many numbers a row is on its way through a network.
 * @returns of what goes into its layers and comes out: all of them, and of the layer with most
 */
export function networkRowNumbers(shape: NetworkShape): { readonly all: number; readonly most: number } {
  const { convolution, gru, mlpSizes } = networkPlan(shape);
  const layers = [
    ...(convolution?.layers.map(({ places, inputs, outputs }) => places * (inputs + outputs)) ?? []),
    ...(gru?.layers.map(({ inputs, outputs }) => inputs + outputs) ?? []),
    ...mlpSizes.slice(1).map((outputs, n) => mlpSizes[n]! + outputs),
  ];
  return { all: layers.reduce((sum, numbers) => sum + numbers, 0), most: Math.max(...layers) };
}

/** @param parameters laid out as the network's; its gradient has the same parts */
export function networkParts(network: Network, parameters = network.parameters): NetworkParts {
  const { convolution, gru, mlpSizes } = networkPlan(network);
  const gruAt = convolution?.parameterCount ?? 0;
  const mlpAt = gruAt + (gru?.parameterCount ?? 0);
  return {
    ...(convolution === undefined
      ? {}
      : { convolution: { plan: convolution, parameters: parameters.subarray(0, gruAt) } }),
    ...(gru === undefined ? {} : { gru: { plan: gru, parameters: parameters.subarray(gruAt, mlpAt) } }),
    mlp: { sizes: mlpSizes, activation: network.activation, parameters: parameters.subarray(mlpAt) },
  };
}

/** Orthogonal weights, with a gain of `outputGain` in the last layer; biases of zero. */
export function initialiseNetwork(network: Network, outputGain: number, random: Random): void {
  const { convolution, gru, mlp } = networkParts(network);
  if (convolution !== undefined) initialiseConvolution(convolution.plan, convolution.parameters, random);
  if (gru !== undefined) initialiseGru(gru.plan, gru.parameters, random);
  initialiseMlp(mlp, outputGain, random);
}

/**
 * The outputs for a few observations, without a backend.
 * @returns a function of float32[rows, in] and of the states float32[rows, recurrentSize], which it moves on and without
 * which there is nothing remembered, to float32[rows, out], which is lent until its next call
 */
export function networkInference(network: Network): (inputs: Float32Array, states: Float32Array) => Float32Array {
  const { convolution, gru, mlp } = networkParts(network);
  const infer = mlpInference(mlp);
  const convolve =
    convolution === undefined
      ? undefined
      : convolutionInference(network.convolution!, convolution.plan, convolution.parameters, network.activation);
  const remember = gru === undefined ? undefined : gruInference(gru.plan, gru.parameters);
  if (convolve === undefined && remember === undefined) return infer;
  return (inputs, states) => {
    const seen = convolve?.(inputs) ?? inputs;
    if (remember === undefined) return infer(seen);
    remember(seen, states);
    return infer(states);
  };
}
