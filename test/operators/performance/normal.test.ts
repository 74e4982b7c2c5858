import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normalCdf, normalQuantile } from '../../../operators/performance/normal.ts';
import { near } from './near.ts';

const test = suite('operators/performance/normal');

test('is what SciPy 1 says', () => {
  near(normalCdf(-5), 2.866515718791933e-7, 1e-16);
  near(normalCdf(-1), 0.15865525393145707, 1e-15);
  near(normalCdf(0.3), 0.6179114221889526, 1e-15);
  near(normalCdf(2.5), 0.9937903346742238, 1e-15);
  near(normalCdf(-8), 6.22096057427174e-16, 1e-22);
  near(normalQuantile(1e-12), -7.034483825301131, 1e-13);
  near(normalQuantile(0.001), -3.090232306167813, 1e-14);
  near(normalQuantile(0.3), -0.5244005127080409, 1e-15);
  near(normalQuantile(0.999), 3.090232306167813, 1e-13);
});

test('one turns the other back', () => {
  for (let x = -6; x <= 6; x += 0.37) near(normalQuantile(normalCdf(x)), x, 1e-6, String(x));
});

test('reaches its ends', () => {
  assert.equal([normalCdf(-40), normalCdf(0), normalCdf(40)], [0, 0.5, 1]);
  assert.equal([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)], [-Infinity, 0, Infinity]);
});

test.run();
