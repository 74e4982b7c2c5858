import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../operators/random.ts';
import { symmetricEigen } from '../../../operators/search/symmetric-eigen.ts';

const test = suite('operators/search/symmetric-eigen');

test('is what is known of a matrix of two', () => {
  const { values } = symmetricEigen([
    [2, 1],
    [1, 2],
  ]);
  assert.equal(
    [...values].sort().map((value) => value.toFixed(12)),
    ['1.000000000000', '3.000000000000'],
  );
});

test('makes the matrix again, by vectors of length 1 at right angles', () => {
  const { normal } = random(3);
  for (const size of [1, 3, 8]) {
    const half = Array.from({ length: size }, () => Array.from({ length: size }, normal));
    const matrix = half.map((row, i) => row.map((value, j) => value + half[j]![i]!));
    const { values, vectors } = symmetricEigen(matrix);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const made = values.reduce((sum, value, k) => sum + vectors[i]![k]! * value * vectors[j]![k]!, 0);
        const angle = vectors.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
        assert.ok(Math.abs(made - matrix[i]![j]!) < 1e-12, `${size}: ${made} and ${matrix[i]![j]}`);
        assert.ok(Math.abs(angle - (i === j ? 1 : 0)) < 1e-12);
      }
  }
});

test('a matrix of zeros has zeros', () => {
  assert.equal(symmetricEigen([[0]]), { values: [0], vectors: [[1]] });
});

test.run();
