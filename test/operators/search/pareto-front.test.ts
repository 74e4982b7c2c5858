import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { paretoFront } from '../../../operators/search/pareto-front.ts';

const test = suite('operators/search/pareto-front');

test('is of those that nothing is better than', () => {
  assert.equal(
    paretoFront([
      [1, 5],
      [2, 2],
      [3, 3],
      [5, 1],
      [5, 2],
    ]),
    [0, 1, 3],
  );
});

test('equals stand on it together, and what has no loss on none', () => {
  assert.equal(
    paretoFront([
      [1, 1],
      [1, 1],
      [0, Number.POSITIVE_INFINITY],
    ]),
    [0, 1],
  );
});

test.run();
