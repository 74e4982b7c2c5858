import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { neighbours } from '../../../operators/search/neighbours.ts';
import { dimension } from './known-functions.ts';

const test = suite('operators/search/neighbours');

test('lie a twentieth of the range to either side, or a step where that is more', () => {
  const space = [dimension('x', 0, 100), dimension('n', 1, 5, 1)];
  assert.equal(neighbours(space, [50, 3]), [
    [45, 3],
    [55, 3],
    [50, 2],
    [50, 4],
  ]);
});

test('at an edge there is one side only, and of a fixed parameter none', () => {
  const space = [dimension('n', 1, 5, 1), dimension('fixed', 7, 7)];
  assert.equal(neighbours(space, [1, 7]), [[2, 7]]);
  assert.equal(neighbours(space, [5, 7]), [[4, 7]]);
});

test('by ratios where it is searched by ratios', () => {
  const [below, above] = neighbours([{ name: 'r', least: 1, most: 1e20, step: null, isLog: true }], [1e10]);
  assert.equal([below, above], [[1e9], [1e11]]);
});

test.run();
