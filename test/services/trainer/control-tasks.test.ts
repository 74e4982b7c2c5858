import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { spaceHolds } from '../../../pipelines/environment/space.ts';
import { cartPole, cartPoleWithoutSpeeds } from '../../control-tasks/cart-pole.ts';
import { cueRecall } from '../../control-tasks/cue-recall.ts';
import { pendulum } from '../../control-tasks/pendulum.ts';
import { windowPattern } from '../../control-tasks/window-pattern.ts';

const test = suite('services/trainer/control-tasks');

test('cart and pole move as their Lagrangian says', () => {
  const task = cartPole();
  let [x, v, angle, turn] = [...task.reset({ seed: 5 }).observation] as [number, number, number, number];
  for (const action of [1, 1, 0, 1, 0]) {
    // (M+m)·a + m·l·α·cos θ = F + m·l·ω²·sin θ and a·cos θ + 4/3·l·α = g·sin θ, solved by Cramer's rule.
    const [m, total, l] = [0.1, 1.1, 0.5];
    const right = (action === 1 ? 10 : -10) + m * l * turn * turn * Math.sin(angle);
    const determinant = (total * 4 * l) / 3 - m * l * Math.cos(angle) ** 2;
    const a = ((right * 4 * l) / 3 - m * l * Math.cos(angle) * 9.8 * Math.sin(angle)) / determinant;
    const alpha = (total * 9.8 * Math.sin(angle) - Math.cos(angle) * right) / determinant;
    [x, v, angle, turn] = [x + 0.02 * v, v + 0.02 * a, angle + 0.02 * turn, turn + 0.02 * alpha];
    const { observation, reward } = task.step(action);
    for (const [n, expected] of [x, v, angle, turn].entries())
      assert.ok(Math.abs(observation[n]! - expected) < 1e-5, `${n}: ${observation[n]} for ${expected}`);
    assert.is(reward, 1);
  }
});

test('the pole falls by itself, and is cut after 500 steps where it is held', () => {
  const task = cartPole();
  task.reset({ seed: 1 });
  let steps = 0;
  let step = task.step(1);
  for (steps = 1; !step.terminated; steps++) step = task.step(1);
  assert.ok(steps < 15 && !step.truncated, `fell after ${steps}`);
  assert.throws(() => task.step(1), /reset/);
  let { observation } = task.reset({ seed: 1 });
  for (steps = 0; ; ) {
    step = task.step(observation[2]! + 0.4 * observation[3]! + 0.05 * observation[1]! > 0 ? 1 : 0);
    ({ observation } = step);
    assert.ok(spaceHolds(task.observationSpace, observation));
    steps++;
    if (step.terminated || step.truncated) break;
  }
  assert.is(steps, 500);
  assert.ok(step.truncated && !step.terminated);
  assert.throws(() => cartPole().step(2), /reset/);
  task.reset();
  assert.throws(() => task.step(2), /action: expected 0 or 1, found 2/);
});

test('the pendulum is rewarded by angle, speed and torque before the step, and cut after 200', () => {
  const task = pendulum();
  let { observation } = task.reset({ seed: 3 });
  for (let n = 1; n <= 200; n++) {
    const torque = Math.fround(Math.sin(n) * 2);
    const [cos, sin, speed] = [...observation] as [number, number, number];
    const angle = Math.atan2(sin, cos);
    const step = task.step(new Float32Array([torque]));
    const expected = -(angle ** 2 + 0.1 * speed ** 2 + 0.001 * torque ** 2);
    assert.ok(Math.abs(step.reward - expected) < 1e-4, `step ${n}: ${step.reward} for ${expected}`);
    const faster = Math.min(Math.max(speed + (15 * sin + 3 * torque) * 0.05, -8), 8);
    assert.ok(Math.abs(step.observation[2]! - faster) < 1e-4, `speed ${n}`);
    ({ observation } = step);
    assert.is(step.truncated, n === 200);
    assert.not(step.terminated);
  }
  assert.throws(() => task.step(new Float32Array([0])), /reset/);
  task.reset({ seed: 3 });
  assert.throws(() => task.step(new Float32Array([2.1])), /action: expected a torque from -2 to 2, found 2.09/);
});

test('a cue is shown once, and named when the bell rings', () => {
  const task = cueRecall();
  for (let seed = 0; seed < 20; seed++) {
    const [cue, first] = task.reset({ seed }).observation as unknown as [number, number];
    assert.ok(Math.abs(cue) === 1 && first === 0);
    let steps = 0;
    let step = task.step(0);
    for (steps = 1; step.observation[1] === 0; steps++) {
      assert.ok(step.observation[0] === 0 && step.reward === 0 && !step.terminated);
      step = task.step(0);
    }
    assert.ok(steps >= 5 && steps <= 10, `bell after ${steps}`);
    step = task.step(seed % 2);
    assert.ok(step.terminated);
    assert.is(step.reward, (cue === 1 ? 1 : 0) === seed % 2 ? 1 : -1);
    assert.throws(() => task.step(0), /reset/);
  }
});

test('a pattern is one of three, which a comparison at every place tells', () => {
  const task = windowPattern();
  let { observation } = task.reset({ seed: 1 });
  let right = 0;
  for (let n = 1; n <= 32; n++) {
    let [best, kind] = [10, 2];
    for (let at = 0; at + 5 <= 24; at++) {
      const alike = [1, 2, 0, -2, -1].reduce(
        (sum, value, i) => sum + value * (observation[1 + 2 * (at + i)]! - observation[2 + 2 * (at + i)]!),
        0,
      );
      if (Math.abs(alike) > best) [best, kind] = [Math.abs(alike), alike > 0 ? 0 : 1];
    }
    const step = task.step(kind < 2 && observation[0] === 1 ? 1 - kind : kind);
    right += step.reward;
    assert.is(step.truncated, n === 32);
    ({ observation } = step);
  }
  assert.ok(right >= 30, `${right} of 32`);
});

test('the same seed gives the same episode, and without one chance goes on', () => {
  for (const make of [cartPole, cartPoleWithoutSpeeds, pendulum, windowPattern]) {
    const [one, other] = [make(), make()];
    assert.equal(one.reset({ seed: 7 }).observation, other.reset({ seed: 7 }).observation);
    const first = one.reset().observation.slice();
    assert.equal(first, other.reset().observation);
    assert.not.equal(first, one.reset().observation);
    assert.not.equal(one.reset({ seed: 8 }).observation.slice(), other.reset({ seed: 7 }).observation);
  }
});

test.run();
