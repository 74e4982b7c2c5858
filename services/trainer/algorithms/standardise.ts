/** To mean 0 and deviation 1, in place. */
export function standardise(values: Float32Array): void {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const deviation = Math.sqrt((variance(values) * values.length) / (values.length - 1));
  for (let n = 0; n < values.length; n++) values[n] = (values[n]! - mean) / (deviation + 1e-8);
}

export function variance(values: Float32Array): number {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length;
}
