/** C is squared so often: what is left of the second component is (λ₂/λ₁)^1024 of the first. */
const SQUARINGS = 10;

/**
 * First principal component of rows of numbers, scaled so that its weights' magnitudes sum up to 1, and of the sign
 * that makes their sum positive. By repeated squaring of the covariance, so that it takes the same steps whatever the
 * rows.
 * @param rows one after the other, each `width` long
 * @param first index of the oldest row: from there on, in a circle
 * @returns undefined where nothing varies, or where the weights cancel out
 * @see Jolliffe (2002), "Principal Component Analysis", section 1.1.
 */
export function firstPrincipalComponent(rows: Float64Array, width: number, first: number): Float64Array | undefined {
  let power = covariance(rows, width, first);
  for (let n = 0; n < SQUARINGS; n++) {
    let trace = 0;
    for (let at = 0; at < width; at++) trace += power[at * width + at]!;
    // By its trace, or it would leave the range of a double.
    if (!(trace > 0)) return undefined;
    for (let at = 0; at < power.length; at++) power[at]! /= trace;
    power = square(power, width);
  }
  const weights = new Float64Array(width);
  let magnitude = 0;
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) weights[row]! += power[row * width + column]!;
    magnitude += Math.abs(weights[row]!);
  }
  if (!(magnitude > 0)) return undefined;
  for (let row = 0; row < width; row++) weights[row]! /= magnitude;
  return weights;
}

function covariance(rows: Float64Array, width: number, first: number): Float64Array {
  const count = rows.length / width;
  const means = new Float64Array(width);
  const products = new Float64Array(width * width);
  // Oldest first, so that the sums are rounded alike wherever the circle began.
  for (let n = 0; n < count; n++) {
    const at = ((first + n) % count) * width;
    for (let column = 0; column < width; column++) means[column]! += rows[at + column]!;
  }
  for (let column = 0; column < width; column++) means[column]! /= count;
  for (let n = 0; n < count; n++) {
    const at = ((first + n) % count) * width;
    for (let row = 0; row < width; row++) {
      const distance = rows[at + row]! - means[row]!;
      for (let column = 0; column < width; column++)
        products[row * width + column]! += distance * (rows[at + column]! - means[column]!);
    }
  }
  return products;
}

function square(matrix: Float64Array, width: number): Float64Array {
  const squared = new Float64Array(width * width);
  for (let row = 0; row < width; row++)
    for (let column = 0; column < width; column++)
      for (let n = 0; n < width; n++)
        squared[row * width + column]! += matrix[row * width + n]! * matrix[n * width + column]!;
  return squared;
}
