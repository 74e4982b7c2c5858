import { hyperbolicTangents } from './hyperbolic-tangent.ts';

export type Activation = 'tanh' | 'relu';

/** In place. */
export function activate(values: Float32Array | Float64Array, activation: Activation): void {
  if (activation === 'tanh') hyperbolicTangents(values);
  else for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0;
}

/** Times the activation's slope, which its own values tell; in place. */
export function timesSlope(delta: Float32Array, values: Float32Array, activation: Activation): void {
  if (activation === 'tanh') for (let i = 0; i < delta.length; i++) delta[i]! *= 1 - values[i]! * values[i]!;
  else for (let i = 0; i < delta.length; i++) if (values[i]! <= 0) delta[i] = 0;
}
