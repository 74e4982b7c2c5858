import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GRID_SEARCH } from '../../../operators/search/grid-search.ts';
import type { SearchDimension } from '../../../operators/search/search-space.ts';
import { dimension } from './known-functions.ts';

const test = suite('operators/search/grid-search');

function points(space: readonly SearchDimension[], trials: number) {
  return GRID_SEARCH.suggest(GRID_SEARCH.initialState({ space, trials, seed: 1 }));
}

test('is every combination, the last changing first', () => {
  const space = [dimension('x', 1, 2, 1), dimension('y', 0.1, 0.3, 0.1)];
  const expected = [1, 2].flatMap((x) => [0.1, 0.2, 0.3].map((y) => [x, y]));
  assert.equal(points(space, 6), expected);
});

test('a range that is no multiple of the step ends below its end', () => {
  assert.equal(points([dimension('x', 5, 14, 4)], 10), [[5], [9], [13]]);
});

test('a dimension without a step has as many values as trials allow', () => {
  assert.equal(points([dimension('x', 0, 1), dimension('y', 1, 2, 1)], 7), [
    [0, 1],
    [0, 2],
    [0.5, 1],
    [0.5, 2],
    [1, 1],
    [1, 2],
  ]);
});

test('steps of a dimension that is searched by ratios stay steps', () => {
  assert.equal(points([{ ...dimension('x', 1, 4, 1), isLog: true }], 4), [[1], [2], [3], [4]]);
});

test('more points than trials are refused with both', () => {
  assert.throws(() => points([dimension('x', 1, 50, 1)], 49), /expected at most 49 points \(trials\), found 50/);
});

test.run();
