import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addToExactSum, createExactSum, exchangeInExactSum } from '../../../operators/rolling/exact-sum.ts';
import { productError } from '../../../operators/rolling/product-error.ts';

const test = suite('operators/rolling/exact-sum');

/** A double as a fraction of 2^1074, exactly. */
function exact(value: number): bigint {
  let [scaled, shift] = [value, 1074n];
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift--;
  }
  return BigInt(scaled) << shift;
}

/** From 2^50 down to 2^-30: with what they sum up to they fit into 106 bits. */
const amounts = fc.oneof(
  fc.integer({ min: -(2 ** 50), max: 2 ** 50 }),
  fc.integer({ min: -(2 ** 50), max: 2 ** 50 }).map((value) => value / 2 ** 30),
);

test('holds what was added, to the last bit', () => {
  fc.assert(
    fc.property(fc.array(amounts, { maxLength: 200 }), (values) => {
      const sum = createExactSum();
      for (const value of values) addToExactSum(sum, value);
      const expected = values.reduce((total, value) => total + exact(value), 0n);
      assert.is(exact(sum.high) + exact(sum.low), expected);
      assert.is(sum.high, sum.high + sum.low, 'the first part is the sum, rounded');
    }),
  );
});

test('comes back to nothing when all was taken away', () => {
  const values = [1e12, 1, -0.1, 123_456.789, 1e-3, 3e11 + 0.5];
  const sum = createExactSum();
  for (const value of values) exchangeInExactSum(sum, value, 0);
  for (let turn = 0; turn < 10_000; turn++)
    for (const [n, value] of values.entries()) exchangeInExactSum(sum, values[(n + 1) % values.length]!, value);
  for (const value of values) exchangeInExactSum(sum, 0, value);
  assert.is(sum.high + sum.low, 0);
});

test('the error of a product is what rounding took from it', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      (a, b) => {
        if (Math.abs(a * b) < 1e-200) return;
        assert.is((exact(a) * exact(b)) >> 1074n, exact(a * b) + exact(productError(a, b)));
      },
    ),
  );
});

test.run();
