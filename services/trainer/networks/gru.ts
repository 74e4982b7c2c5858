import type { Random } from '../../../operators/random.ts';
import { type Dense, denseLayers, denseParameterCount, denseParameters, initialiseDense } from './dense.ts';
import { hyperbolicTangents } from './hyperbolic-tangent.ts';
import { rowProduct } from './row-product.ts';

/**
 * A gated recurrent unit: what it says of an input is its state, which it carries to the next. With a = x·W + b and
 * u = h·U + c, each in three parts [reset, update, new]:
 *
 * r = σ(aᵣ + uᵣ), z = σ(a_z + u_z), n = tanh(aₙ + r ∘ uₙ), h′ = (1 − z) ∘ n + z ∘ h
 *
 * @see Cho et al. (2014), "Learning Phrase Representations using RNN Encoder-Decoder", with the reset after the product, as
 * cuDNN and PyTorch have it
 */
export interface GruPlan {
  readonly inputs: number;
  readonly units: number;
  /** From the input, and from the state, to the three parts. */
  readonly layers: readonly [Dense, Dense];
  readonly parameterCount: number;
}

export function gruPlan(inputs: number, units: number): GruPlan {
  const layers = denseLayers([
    [inputs, 3 * units],
    [units, 3 * units],
  ]) as [Dense, Dense];
  return { inputs, units, layers, parameterCount: denseParameterCount(layers) };
}

/** Orthogonal weights, biases of zero. */
export function initialiseGru({ layers }: GruPlan, parameters: Float32Array, random: Random): void {
  for (const layer of layers) initialiseDense(parameters, layer, 1, random);
}

/** What the gates come to in a row. */
export interface GruGates {
  readonly reset: Float64Array;
  readonly update: Float64Array;
  readonly fresh: Float64Array;
}

export function gruGates(units: number): GruGates {
  return { reset: new Float64Array(units), update: new Float64Array(units), fresh: new Float64Array(units) };
}

/** Writes the gates of a row, of which `a` and `u` begin at `at`. */
export function openGates(
  { reset, update, fresh }: GruGates,
  a: Float32Array | Float64Array,
  u: Float32Array | Float64Array,
  at: number,
): void {
  const units = reset.length;
  // σ(x) = (1 + tanh(x ÷ 2)) ÷ 2.
  for (let k = 0; k < units; k++) {
    reset[k] = (a[at + k]! + u[at + k]!) / 2;
    update[k] = (a[at + units + k]! + u[at + units + k]!) / 2;
  }
  hyperbolicTangents(reset);
  hyperbolicTangents(update);
  for (let k = 0; k < units; k++) {
    reset[k] = (1 + reset[k]!) / 2;
    update[k] = (1 + update[k]!) / 2;
    fresh[k] = a[at + 2 * units + k]! + reset[k]! * u[at + 2 * units + k]!;
  }
  hyperbolicTangents(fresh);
}

/**
 * A step for a few rows, without a backend.
 * @returns a function of the inputs float32[rows, plan.inputs] and the states float32[rows, plan.units], which it moves on
 */
export function gruInference(
  plan: GruPlan,
  parameters: Float32Array,
): (inputs: Float32Array, states: Float32Array) => void {
  const { units } = plan;
  const [fromInput, fromState] = plan.layers.map((layer) => denseParameters(parameters, layer));
  const [a, u] = [new Float64Array(3 * units), new Float64Array(3 * units)];
  const input = new Float64Array(plan.inputs);
  const state = new Float64Array(units);
  const gates = gruGates(units);
  return (inputs, states) => {
    for (let row = 0; row < states.length / units; row++) {
      for (let i = 0; i < plan.inputs; i++) input[i] = inputs[row * plan.inputs + i]!;
      for (let k = 0; k < units; k++) state[k] = states[row * units + k]!;
      rowProduct(input, fromInput!, a);
      rowProduct(state, fromState!, u);
      openGates(gates, a, u, 0);
      for (let k = 0; k < units; k++) {
        const z = gates.update[k]!;
        states[row * units + k] = (1 - z) * gates.fresh[k]! + z * state[k]!;
      }
    }
  };
}
