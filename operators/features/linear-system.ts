/**
 * Factors a matrix, held by rows, into L·U in its own place. Without exchange of rows: for one whose diagonal outweighs
 * the rest of each row, as that of 1 − Q does, and for a positive definite one, as that of least squares, this loses
 * nothing.
 * @see Higham (2002), "Accuracy and Stability of Numerical Algorithms", sections 9.5 and 10.1.
 */
export function factorise(matrix: Float64Array, size: number): void {
  for (let pivot = 0; pivot < size; pivot++) {
    const diagonal = matrix[pivot * size + pivot]!;
    for (let row = pivot + 1; row < size; row++) {
      const factor = matrix[row * size + pivot]! / diagonal;
      matrix[row * size + pivot] = factor;
      // Many states never follow each other.
      if (factor === 0) continue;
      for (let column = pivot + 1; column < size; column++)
        matrix[row * size + column]! -= factor * matrix[pivot * size + column]!;
    }
  }
}

/** Puts the solution x of L·U·x = `values` in their place. */
export function solveFactorised(factors: Float64Array, values: Float64Array): void {
  const size = values.length;
  for (let row = 1; row < size; row++) {
    let value = values[row]!;
    for (let column = 0; column < row; column++) value -= factors[row * size + column]! * values[column]!;
    values[row] = value;
  }
  for (let row = size - 1; row >= 0; row--) {
    let value = values[row]!;
    for (let column = row + 1; column < size; column++) value -= factors[row * size + column]! * values[column]!;
    values[row] = value / factors[row * size + row]!;
  }
}
