/**
 * A row times a matrix, plus biases: four rows of the matrix at a time, so that each sum is read and written a quarter as
 * often.
 * @param weights float32[inputs, outputs]
 * @param sums float64[outputs], is written
 */
export function rowProduct(
  values: Float64Array,
  { weights, biases }: { readonly weights: Float32Array; readonly biases: Float32Array },
  sums: Float64Array,
): void {
  const width = sums.length;
  const inputs = values.length;
  const whole = inputs & ~3;
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
  for (let j = whole; j < inputs; j++) {
    const value = values[j]!;
    for (let k = 0; k < width; k++) sums[k]! += value * weights[j * width + k]!;
  }
}
