/** Moves a target network's parameters by a share of the way to those that it follows (Polyak averaging). */
export function follow(target: Float32Array, parameters: Float32Array, rate: number): void {
  for (let n = 0; n < target.length; n++) target[n]! += rate * (parameters[n]! - target[n]!);
}
