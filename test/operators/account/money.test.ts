import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { divideRounded, exactAmount, multiplyDivide, toE8 } from '../../../operators/account/money.ts';
import { roundedQuotient } from './big-account.ts';

const test = suite('operators/account/money');

const MAX = Number.MAX_SAFE_INTEGER;

test('half a unit is rounded away from zero', () => {
  assert.equal(
    [5, -5, 4, -4, 15, 0].map((n) => divideRounded(n, 10)),
    [1, -1, 0, 0, 2, 0],
  );
  assert.ok(Object.is(divideRounded(-4, 10), 0), 'no negative zero: JSON does not keep it');
  assert.ok(Object.is(multiplyDivide(-1, 1, 3), 0));
});

test('the largest amounts are divided exactly', () => {
  assert.is(divideRounded(MAX, 2), 4_503_599_627_370_496);
  assert.is(divideRounded(MAX - 2, MAX), 1);
  assert.is(multiplyDivide(MAX, 3, 3), MAX);
  assert.is(multiplyDivide(MAX, MAX - 1, MAX), MAX - 1);
});

test('a product of any size is divided as whole numbers of any size are', () => {
  const whole = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.constantFrom(MAX, -MAX, 94_906_267, 2 ** 52 + 1));
  const divisor = fc.oneof(fc.integer({ min: 1, max: MAX }), fc.constantFrom(1, 2, 3, 1_000, 1e8, 2 ** 52 - 1));
  let wide = 0;
  fc.assert(
    fc.property(whole, whole, divisor, (a, b, by) => {
      const exact = roundedQuotient(BigInt(a) * BigInt(b), BigInt(by));
      if (exact > BigInt(MAX) || exact < BigInt(-MAX)) return;
      if (Math.abs(a * b) > MAX) wide++;
      assert.is(BigInt(multiplyDivide(a, b, by)), exact, `${a} × ${b} ÷ ${by}`);
    }),
    { numRuns: 20_000, seed: 1 },
  );
  assert.ok(wide > 1_000, `${wide} products had more than 53 bits`);
});

test('money × price, as an account has them, in all sizes', () => {
  const digits = fc.integer({ min: 1, max: 15 }).chain((n) => fc.integer({ min: 0, max: 10 ** n }));
  const divisor = fc.constantFrom(1, 10, 1_000, 1e8, 7, 999_983);
  fc.assert(
    fc.property(digits, digits, divisor, (a, b, by) => {
      const exact = roundedQuotient(BigInt(a) * BigInt(b), BigInt(by));
      if (exact <= BigInt(MAX)) assert.is(BigInt(multiplyDivide(a, b, by)), exact, `${a} × ${b} ÷ ${by}`);
    }),
    { numRuns: 20_000, seed: 2 },
  );
});

test('an amount too large to be exact is an error that names it', () => {
  assert.throws(
    () => exactAmount('walletE8', MAX + 1),
    /^RangeError|walletE8: expected a whole number .* found 9007199254740992/,
  );
  assert.throws(() => exactAmount('walletE8', 0.5), /walletE8: .* found 0\.5/);
  assert.throws(() => multiplyDivide(MAX, MAX, 2), /expected at most 9007199254740991/);
  assert.throws(() => toE8('price', Number.NaN), /price: .* found NaN/);
  assert.is(toE8('ratio', 0.0065), 650_000);
});

test.run();
