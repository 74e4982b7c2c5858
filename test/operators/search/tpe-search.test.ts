import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RANDOM_SEARCH } from '../../../operators/search/random-search.ts';
import { TPE_SEARCH } from '../../../operators/search/tpe-search.ts';
import { BRANIN, medianBest, ROSENBROCK, SPHERE } from './known-functions.ts';

const test = suite('operators/search/tpe-search');
const TRIALS = 96;

for (const [name, known, least, part] of [
  ['sphere', SPHERE, 0, 0.1],
  ['Rosenbrock', ROSENBROCK, 0, 0.6],
  ['Branin', BRANIN, 0.397_887, 0.2],
] as const)
  test(`comes nearer than random search on ${name}, in the median of 21 seeds`, () => {
    const [tpe, drawn] = [TPE_SEARCH, RANDOM_SEARCH].map((search) => medianBest(search, known, TRIALS) - least);
    assert.ok(tpe! < part * drawn!, `${tpe} and ${drawn}`);
  });

test.run();
