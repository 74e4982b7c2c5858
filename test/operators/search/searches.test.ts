import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pointKey, type SearchDimension, type SearchPoint } from '../../../operators/search/search-space.ts';
import { SEARCHES } from '../../../operators/search/searches.ts';
import { dimension, SPHERE, trySearch } from './known-functions.ts';

const test = suite('operators/search/searches');

const MIXED: readonly SearchDimension[] = [
  dimension('fast', 2, 20, 3),
  dimension('share', 0, 0.3, 0.1),
  { name: 'rate', least: 1e-4, most: 1e2, step: null, isLog: true },
];
const mixed = {
  space: MIXED,
  of: ([fast, share, rate]: SearchPoint) => (fast! - 11) ** 2 + (share! - 0.2) ** 2 + Math.log10(rate!) ** 2,
};

for (const search of SEARCHES) {
  test(`${search.name}: the same seed gives the same points, another one others`, () => {
    const [one, again, other] = [3, 3, 4].map((seed) => trySearch(search, SPHERE, { trials: 40, seed }));
    assert.equal(one, again);
    if (search.name !== 'grid') assert.not.equal(one!.points, other!.points);
  });

  test(`${search.name}: points keep to ranges and steps, without the dust of sums`, () => {
    const { points } = trySearch(search, mixed, { trials: 150, seed: 1 });
    assert.ok(points.length >= 100, `${points.length} points`);
    for (const [fast, share, rate] of points) {
      assert.ok([2, 5, 8, 11, 14, 17, 20].includes(fast!), String(fast));
      assert.ok([0, 0.1, 0.2, 0.3].includes(share!), String(share));
      assert.ok(rate! >= 1e-4 && rate! <= 1e2, String(rate));
    }
  });

  test(`${search.name}: tries no more than it may`, () => {
    for (const trials of [8, 27, 64]) assert.ok(trySearch(search, SPHERE, { trials, seed: 1 }).points.length <= trials);
  });

  test(`${search.name}: trials without a loss are no reason to stop, nor a place to go to`, () => {
    const half = { space: SPHERE.space, of: (point: SearchPoint) => (point[0]! > 0 ? SPHERE.of(point) : Infinity) };
    const none = { space: SPHERE.space, of: () => Number.POSITIVE_INFINITY };
    assert.ok(trySearch(search, half, { trials: 64, seed: 2 }).best < 12);
    assert.is(trySearch(search, none, { trials: 64, seed: 2 }).points.length, 64);
  });

  test(`${search.name}: what cannot be searched is refused by name`, () => {
    const begin = (space: readonly SearchDimension[], trials = 16) => search.initialState({ space, trials, seed: 1 });
    assert.throws(() => begin([]), /expected at least one parameter to vary, found none/);
    assert.throws(
      () => begin([dimension('fast', 5, 2)]),
      /fast: expected a range from a lesser to a greater number, found 5 to 2/,
    );
    assert.throws(() => begin([dimension('fast', 1, 2, 0)]), /fast: expected a step above 0, found 0/);
    assert.throws(() => begin([{ ...dimension('fast', 0, 2), isLog: true }]), /fast: expected a range above 0/);
    assert.throws(() => begin([dimension('fast', 1, 2)], 0), /trials: expected a whole number from 1, found 0/);
  });

  test(`${search.name}: another number of losses than of points is refused`, () => {
    const state = search.initialState({ space: SPHERE.space, trials: 30, seed: 1 });
    assert.throws(() => search.observe(state, [1]), /expected \d+ losses, found 1/);
  });
}

for (const search of SEARCHES.filter(({ name }) => name === 'random' || name === 'tpe'))
  test(`${search.name}: no point comes twice, and a small space ends the search`, () => {
    const small = { space: [dimension('x', 1, 5, 1), dimension('y', 1, 4, 1)], of: ([x, y]: SearchPoint) => x! + y! };
    const { points } = trySearch(search, small, { trials: 100, seed: 5 });
    assert.is(points.length, 20);
    assert.is(new Set(points.map(pointKey)).size, 20);
  });

test.run();
