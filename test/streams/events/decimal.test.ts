import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lastDecimal, readDecimal, readInteger, readNumber } from '../../../streams/events/decimal.ts';

const test = suite('streams/events/decimal');

/** Reads the text between other bytes, as it stands in a payload. */
function inside<Result>(read: (bytes: Uint8Array, start: number, end: number) => Result, text: string): Result {
  const bytes = Buffer.from(`7"${text}"8.9`);
  return read(bytes, 2, 2 + Buffer.byteLength(text));
}

const digits = (max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: max }).map((list) => list.join(''));
const plain = fc
  .tuple(digits(22), fc.option(digits(22)))
  .map(([whole, part]) => (part === null ? whole : `${whole}.${part}`));
const NOT_PLAIN = [
  '',
  '.',
  '1.',
  '.1',
  '-1',
  '+1',
  '1e3',
  '1.2.3',
  ' 1',
  '1 ',
  '0x1',
  '1,0',
  'NaN',
  '1_0',
  '١',
  '--',
  '1-',
  '1.-',
];

test('a decimal is its digits and its places, or nothing', () => {
  fc.assert(
    fc.property(plain, (text) => {
      const units = inside(readDecimal, text);
      const [whole = '', part = ''] = text.split('.');
      // Zeros behind the last digit that counts are let go where the digits would be too many.
      const significant = (whole + part).replace(/^0+/, '');
      if (units < 0) {
        const needed = (whole + part.replace(/0+$/, '')).replace(/^0+/, '');
        assert.ok(needed.length > 15, `${text} was refused`);
        return;
      }
      const { places } = lastDecimal;
      assert.is(BigInt(units) * 10n ** BigInt(part.length - places), BigInt(whole + part), text);
      if (significant.length <= 15) assert.is(places, part.length, text);
    }),
    { numRuns: 5_000 },
  );
});

test('what is no plain decimal is none', () => {
  for (const text of [...NOT_PLAIN, '.1.2', '.1.2345678901', '1.2.3456789012', '.12345678901', '12345678901.']) {
    assert.is(inside(readDecimal, text), -1, text);
    assert.is(readDecimal(Buffer.from(text), 0, Buffer.byteLength(text)), -1, `${text} at the beginning`);
  }
});

test('fifteen digits are read exactly, sixteen that all count are not', () => {
  assert.is(inside(readDecimal, '999999999999999'), 999_999_999_999_999);
  assert.is(inside(readDecimal, '0.000000000000001'), 1);
  assert.is(inside(readDecimal, '9999999999999999'), -1);
  assert.is(inside(readDecimal, '1234567890123450'), -1, 'a zero before the point counts');
  assert.is(inside(readDecimal, '12345.678901234500'), 1_234_567_890_123_45);
  assert.is(inside(readDecimal, '1.000000000000000000000'), 1);
  assert.is(inside(readDecimal, '000000000000000000000001'), 1);
});

test('a number is the nearest double, however many digits it has', () => {
  fc.assert(
    fc.property(plain, (text) => {
      assert.is(inside(readNumber, text), Number(text), text);
    }),
    { numRuns: 5_000 },
  );
  assert.is(inside(readNumber, '423075730671.12853'), Number('423075730671.12853'));
  assert.is(inside(readNumber, '0.000000000000000000000000000012'), 1.2e-29);
});

test('what is no plain decimal is no number', () => {
  for (const text of [...NOT_PLAIN, '1'.repeat(65)]) assert.ok(Number.isNaN(inside(readNumber, text)), text);
});

test('an integer is exact up to 2^53 - 1, beyond it none', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 54n }), (value) => {
      const isSafe = value <= BigInt(Number.MAX_SAFE_INTEGER);
      assert.is(inside(readInteger, String(value)), isSafe ? Number(value) : -1);
    }),
  );
  assert.is(inside(readInteger, '9007199254740991'), Number.MAX_SAFE_INTEGER);
  assert.is(inside(readInteger, '9007199254740992'), -1);
  for (const text of [...NOT_PLAIN, '1.0', '00000000000000001']) assert.is(inside(readInteger, text), -1, text);
});

test.run();
