import type { Random } from '../../../operators/random.ts';

/**
 * Fills a matrix of `rows` × `columns`, row by row, with orthogonal rows (or columns, where those are fewer), times `gain`.
 * @see Saxe, McClelland & Ganguli (2014), "Exact solutions to the nonlinear dynamics of learning in deep linear networks"
 */
export function fillOrthogonal(
  matrix: Float32Array,
  { rows, columns, gain, random }: { rows: number; columns: number; gain: number; random: Random },
): void {
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const vectors: Float64Array[] = [];
  for (let n = 0; n < count; n++) {
    const vector = Float64Array.from({ length }, random.normal);
    // Gram and Schmidt, twice: once leaves rounding.
    for (let pass = 0; pass < 2; pass++)
      for (const other of vectors) {
        const along = dot(vector, other);
        for (let i = 0; i < length; i++) vector[i]! -= along * other[i]!;
      }
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i]! /= norm;
    vectors.push(vector);
  }
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      matrix[row * columns + column] = gain * (rows < columns ? vectors[row]![column]! : vectors[column]![row]!);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}
