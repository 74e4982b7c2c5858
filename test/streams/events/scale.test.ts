import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createScale, type Grid } from '../../../streams/events/scale.ts';

const test = suite('streams/events/scale');

const SIZES = ['0.10', '0.1', '0.05', '1', '10', '25', '0.01', '0.00001', '0.000000001', '0.25', '0.002', '5.00'];
const gridOf = (size: string): Grid => createScale(size, '1').price;
const read = (grid: Grid, text: string): number => grid.read(Buffer.from(text), 0, text.length);

/** The text as a multiple of the size, with integers alone; undefined where it is none. */
function exactCount(text: string, size: string): bigint | undefined {
  const places = (number: string) => number.split('.')[1]?.length ?? 0;
  const decimals = Math.max(places(text), places(size));
  const units = (number: string) => BigInt(number.replace('.', '')) * 10n ** BigInt(decimals - places(number));
  return units(text) % units(size) === 0n ? units(text) / units(size) : undefined;
}

test('reads decimals as multiples of the tick', () => {
  assert.is(read(gridOf('0.10'), '61496.50'), 614_965);
  assert.is(read(gridOf('0.10'), '61496.5'), 614_965);
  assert.is(read(gridOf('0.10'), '61496.50000000'), 614_965);
  assert.is(read(gridOf('0.10'), '61496'), 614_960);
  assert.is(read(gridOf('0.05'), '0.35'), 7);
  assert.is(read(gridOf('1'), '132750000'), 132_750_000);
  assert.is(read(gridOf('0.00001'), '0.01731'), 1_731);
  assert.is(read(gridOf('25'), '100.00'), 4);
});

test('units and texts have up to fifteen places', () => {
  const fine = gridOf('0.000000000000001');
  assert.is(read(fine, '0.123456789012345'), 123_456_789_012_345);
  assert.is(fine.toText(5), '0.000000000000005');
  assert.is(read(gridOf('0.10'), '0.500000000000000'), 5);
  assert.is(read(gridOf('0.05'), '0.500000000000000'), 10);
  assert.ok(Number.isNaN(read(gridOf('0.05'), '0.0000000000000000')), 'sixteen are too many');
});

test('a text off the grid is no count', () => {
  assert.ok(Number.isNaN(read(gridOf('0.10'), '61496.55')));
  assert.ok(Number.isNaN(read(gridOf('0.05'), '0.33')));
  assert.ok(Number.isNaN(read(gridOf('1'), '1.5')));
  assert.ok(Number.isNaN(read(gridOf('25'), '110')));
  assert.ok(Number.isNaN(read(gridOf('0.00001'), '0.000001')));
});

test('a count is exact, or none: as integer arithmetic has it, up to 15 digits', () => {
  const text = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }), fc.integer({ min: 0, max: 12 }))
    .map(([units, places]) => {
      const digits = String(units).padStart(places + 1, '0');
      return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
    });
  fc.assert(
    fc.property(fc.constantFrom(...SIZES), text, (size, number) => {
      const count = read(gridOf(size), number);
      const exact = exactCount(number, size);
      const isTooLarge = exact !== undefined && Number.isNaN(count);
      if (isTooLarge) assert.ok(exact * 10n ** 9n > 2n ** 52n, `${number} on ${size} was refused`);
      else if (exact === undefined) assert.ok(Number.isNaN(count), `${number} on ${size}: ${count}`);
      else assert.is(BigInt(count), exact, `${number} on ${size}`);
    }),
    { numRuns: 5_000 },
  );
});

test('a count as text and as number is the value that was read', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SIZES), fc.integer({ min: 0, max: 2 ** 40 }), (size, count) => {
      const grid = gridOf(size);
      const text = grid.toText(count);
      assert.is(read(grid, text), count, text);
      assert.is(grid.toNumber(count), Number(text), text);
      assert.is(text.split('.')[1]?.length ?? 0, grid.decimals);
      assert.is(grid.toText(-count), count === 0 ? text : `-${text}`);
    }),
    { numRuns: 5_000 },
  );
});

test('texts have just the places that the grid needs', () => {
  assert.is(gridOf('0.10').toText(614_965), '61496.5');
  assert.is(gridOf('0.05').toText(7), '0.35');
  assert.is(gridOf('10').toText(3), '30');
  assert.is(gridOf('5.00').toText(3), '15');
  assert.is(gridOf('0.00001').toText(0), '0.00000');
  assert.is(gridOf('0.001').toText(1), '0.001');
});

test('half ticks, as of a midprice, become the nearest double of their value', () => {
  assert.is(gridOf('0.10').toNumber(614_965.5), 61_496.55);
  assert.is(gridOf('0.01').toNumber(0.5), 0.005);
});

test('price times quantity, summed in ticks and steps, is the nearest double of its value', () => {
  const { toNotional } = createScale('0.10', '0.001');
  assert.is(toNotional(614_965 * 10), 614.965);
  assert.is(createScale('0.05', '0.25').toNotional(7 * 3), 0.2625);
  const pairs = fc.array(fc.tuple(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e5 })), {
    maxLength: 50,
  });
  fc.assert(
    fc.property(pairs, (trades) => {
      const sum = trades.reduce((total, [ticks, steps]) => total + BigInt(ticks) * BigInt(steps), 0n);
      const digits = String(sum).padStart(5, '0');
      assert.is(toNotional(Number(sum)), Number(`${digits.slice(0, -4)}.${digits.slice(-4)}`));
    }),
  );
});

test('a unit that is no positive decimal is refused by name', () => {
  for (const size of ['', '0', '0.000', '-1', '1e-5', 'abc', '.1', '1.', '0.0000000000000001', ' 1'])
    assert.throws(() => createScale(size, '1'), /^tickSize: expected a positive decimal such as 0.10, found "/, size);
  assert.throws(() => createScale('1', 'x'), /^stepSize: .*found "x"/);
});

test.run();
