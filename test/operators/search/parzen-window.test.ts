import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { random } from '../../../operators/random.ts';
import { drawFrom, logDensity, parzenWindow } from '../../../operators/search/parzen-window.ts';

const test = suite('operators/search/parzen-window');
const WINDOW = parzenWindow(
  [
    [0.1, 0.9],
    [0.12, 0.8],
    [0.8, 0.2],
  ],
  2,
);
const SIDE = 200;
const middles = Array.from({ length: SIDE }, (_, n) => (n + 0.5) / SIDE);
const cells = middles.flatMap((x) => middles.map((y) => [x, y] as const));
const massOf = (shares: readonly number[], cell: number) =>
  Math.exp(logDensity(WINDOW, shares, [cell, cell])) / SIDE ** 2;

test('is a density over the square, taken at points or over cells', () => {
  for (const cell of [0, 1 / SIDE]) {
    const mass = cells.reduce((sum, shares) => sum + massOf(shares, cell), 0);
    assert.ok(Math.abs(mass - 1) < 1e-4, `${mass}`);
  }
});

test('what is drawn has that density', () => {
  const chance = random(1);
  const isThere = ([x, y]: readonly number[]): boolean => x! < 0.3 && y! > 0.6;
  const drawn = Array.from({ length: 20_000 }, () => drawFrom(WINDOW, chance));
  const share = drawn.filter(isThere).length / drawn.length;
  const mass = cells.filter(isThere).reduce((sum, shares) => sum + massOf(shares, 0), 0);
  assert.ok(Math.abs(share - mass) < 0.01, `${share} and ${mass}`);
  for (const shares of drawn) for (const value of shares) assert.ok(value >= 0 && value <= 1);
});

test('one that has seen nothing is the prior alone, and more observations make it narrower', () => {
  assert.equal(parzenWindow([], 2), { centres: [[0.5, 0.5]], widths: [1] });
  assert.ok(parzenWindow([[0.1], [0.2], [0.3]], 1).widths[0]! < parzenWindow([[0.1]], 1).widths[0]!);
});

test.run();
