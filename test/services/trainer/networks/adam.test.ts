import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clipNorm, createAdam } from '../../../../services/trainer/networks/adam.ts';

const test = suite('services/trainer/networks/adam');

test('two steps are those of the paper, written out', () => {
  const parameters = new Float32Array([1, -2]);
  const adam = createAdam(parameters, { epsilon: 1e-5 });
  let [m, v, expected] = [0, 0, 1];
  for (const [t, g] of [0.5, -0.25].entries()) {
    adam.step(new Float32Array([g, 0]), 0.1);
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    expected -= (0.1 * (m / (1 - 0.9 ** (t + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (t + 1))) + 1e-5);
    assert.ok(Math.abs(parameters[0]! - expected) < 1e-6, `step ${t + 1}: ${parameters[0]} for ${expected}`);
  }
  assert.is(parameters[1], -2, 'without a gradient nothing moves');
});

test('taken up again from its state, it goes on with the same numbers', () => {
  const gradients = [0.3, -1, 2, 0.1].map((g) => new Float32Array([g, -g]));
  const whole = new Float32Array([1, 2]);
  const adam = createAdam(whole, { epsilon: 1e-8 });
  const parts = new Float32Array([1, 2]);
  let part = createAdam(parts, { epsilon: 1e-8 });
  for (const [n, gradient] of gradients.entries()) {
    if (n === 2) part = createAdam(parts, { epsilon: 1e-8, from: part.state() });
    adam.step(gradient, 0.01);
    part.step(gradient, 0.01);
  }
  assert.equal(parts, whole);
});

test('a norm above the greatest is brought to it, another stays', () => {
  const gradient = new Float32Array([3, 4]);
  assert.is(clipNorm(gradient, 10), 5);
  assert.equal([...gradient], [3, 4]);
  assert.is(clipNorm(gradient, 1), 5);
  assert.ok(Math.abs(gradient[0]! - 0.6) < 1e-6 && Math.abs(gradient[1]! - 0.8) < 1e-6);
});

test.run();
