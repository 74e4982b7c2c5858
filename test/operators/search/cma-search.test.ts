import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CMA_SEARCH } from '../../../operators/search/cma-search.ts';
import { BRANIN, dimension, medianBest, ROSENBROCK, SPHERE, trySearch } from './known-functions.ts';

const test = suite('operators/search/cma-search');

test('converges on the sphere and in the bent valley, on each of ten seeds', () => {
  for (let seed = 0; seed < 10; seed++) {
    const sphere = trySearch(CMA_SEARCH, SPHERE, { trials: 600, seed });
    assert.ok(sphere.best < 1e-8, `sphere, seed ${seed}: ${sphere.best}`);
    const valley = trySearch(CMA_SEARCH, ROSENBROCK, { trials: 1_500, seed });
    assert.ok(valley.best < 1e-8, `Rosenbrock, seed ${seed}: ${valley.best}`);
  }
});

test('finds one of several least values', () => {
  assert.ok(medianBest(CMA_SEARCH, BRANIN, 300) - 0.397_887 < 1e-5);
});

test('comes to the edge where the least value lies beyond it', () => {
  const known = { space: [dimension('x', 0, 1), dimension('y', 0, 1)], of: ([x, y]: readonly number[]) => x! - y! };
  assert.ok(trySearch(CMA_SEARCH, known, { trials: 300, seed: 1 }).best < -0.999);
});

test('finds the least value of whole numbers, and goes on to try others', () => {
  const space = [dimension('fast', 1, 60, 1), dimension('slow', 10, 400, 10)];
  const of = ([fast, slow]: readonly number[]): number => (fast! - 17) ** 2 + ((slow! - 230) / 10) ** 2;
  for (let seed = 0; seed < 10; seed++) {
    const { best, points } = trySearch(CMA_SEARCH, { space, of }, { trials: 250, seed });
    assert.is(best, 0, `seed ${seed}`);
    assert.ok(new Set(points.map(String)).size > 60);
  }
});

test('where it finds nothing better any more it begins anew, with twice as many', () => {
  const space = [dimension('x', -5, 5), dimension('y', -5, 5)];
  const sizes: number[] = [];
  let state = CMA_SEARCH.initialState({ space, trials: 400, seed: 1 });
  for (let batch = CMA_SEARCH.suggest(state); batch.length > 0; batch = CMA_SEARCH.suggest(state)) {
    sizes.push(batch.length);
    const flat = batch.map(() => 1);
    state = CMA_SEARCH.observe(state, flat);
  }
  assert.equal([sizes[0], sizes.includes(12), sizes.reduce((sum, size) => sum + size, 0)], [6, true, 400]);
});

test.run();
