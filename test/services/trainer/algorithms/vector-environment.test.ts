import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment } from '../../../../pipelines/environment/environment.ts';
import { runningMoments } from '../../../../services/trainer/algorithms/running-moments.ts';
import { vectorEnvironment } from '../../../../services/trainer/algorithms/vector-environment.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { pendulum } from '../../../control-tasks/pendulum.ts';

const test = suite('services/trainer/algorithms/vector-environment');

test('an ended episode is followed by the next, and its own last observation is kept', () => {
  const envs = vectorEnvironment([cartPole(), cartPole()], 1);
  assert.equal(envs.statistics(), { episodes: 0, episodeReturnMean: null, episodeLengthMean: null });
  const actions = new Float32Array([1, 1]);
  let steps = 0;
  do {
    envs.step(actions);
    steps++;
  } while (envs.terminated[0] === 0);
  assert.ok(Math.abs(envs.lastObservations[2]!) > 0.209, 'fallen');
  assert.ok(Math.abs(envs.observations[2]!) <= 0.05, 'upright again');
  const { episodes, episodeReturnMean, episodeLengthMean } = envs.statistics();
  assert.ok(episodes === 1 || episodes === 2);
  assert.is(episodeReturnMean, episodeLengthMean);
  assert.ok(Math.abs(episodeLengthMean! - steps) <= 1);
});

test('a cut episode is not an ended one, and actions are cut to the bounds', () => {
  const envs = vectorEnvironment([pendulum()], 2);
  for (let n = 1; n <= 200; n++) {
    envs.step(new Float32Array([n % 2 === 0 ? 99 : -99]));
    assert.is(envs.truncated[0], n === 200 ? 1 : 0);
    assert.is(envs.terminated[0], 0);
  }
});

for (const make of [cartPole, pendulum])
  test(`taken up again from its state it goes on as it would have: ${make.name}`, () => {
    const actionAt = (n: number): Float32Array => new Float32Array([n % 3 === 0 ? 1 : 0, n % 5 === 0 ? 1 : 0]);
    const whole = vectorEnvironment([make(), make()], 3);
    for (let n = 0; n < 333; n++) whole.step(actionAt(n));
    const resumed = vectorEnvironment([make(), make()], structuredClone(whole.state()));
    assert.equal(resumed.observations, whole.observations);
    for (let n = 333; n < 777; n++) {
      whole.step(actionAt(n));
      resumed.step(actionAt(n));
      assert.equal(resumed.observations, whole.observations, `step ${n}`);
      assert.equal(resumed.rewards, whole.rewards, `step ${n}`);
    }
    assert.equal(resumed.statistics(), whole.statistics());
    assert.equal(resumed.state(), whole.state());
  });

test('an environment that is not the same by its seed is found out, and so is another number of them', () => {
  let resets = 0;
  const fickle = (): Environment => {
    const task = cartPole();
    return { ...task, reset: () => task.reset({ seed: resets++ }) };
  };
  const state = vectorEnvironment([fickle()], 1).state();
  assert.throws(() => vectorEnvironment([fickle()], state), /the same episode from the same seed and actions/);
  assert.throws(() => vectorEnvironment([cartPole(), cartPole()], state), /expected 1, as in the checkpoint, found 2/);
  assert.throws(() => vectorEnvironment([], 1), /expected one or more, found none/);
});

test('running moments are those of all rows at once', () => {
  const rows = Float32Array.from({ length: 600 }, (_, n) => Math.sin(n * n) * (n % 2 === 0 ? 3 : 0.5) + (n % 2));
  const moments = runningMoments(2);
  for (let at = 0; at < 600; at += 40) moments.add(rows.subarray(at, at + 40));
  const { mean, variance } = moments.state();
  for (const i of [0, 1]) {
    const column = rows.filter((_, n) => n % 2 === i);
    const exact = column.reduce((sum, value) => sum + value, 0) / 300;
    const squares = column.reduce((sum, value) => sum + (value - exact) ** 2, 0) / 300;
    assert.ok(Math.abs(mean[i]! - exact) < 1e-4, `mean ${i}`);
    assert.ok(Math.abs(variance[i]! - squares) < 1e-3, `variance ${i}`);
  }
  const normalised = moments.normalise(new Float32Array([mean[0]! + Math.sqrt(variance[0]!), 1e9]));
  assert.ok(Math.abs(normalised[0]! - 1) < 1e-4);
  assert.is(normalised[1], 10, 'cut');
  const scaled = new Float32Array([mean[0]!, -1e9]);
  moments.scale(scaled);
  assert.ok(Math.abs(scaled[0]! - mean[0]! / Math.sqrt(variance[0]!)) < 1e-4, 'the mean stays');
  assert.is(scaled[1], -10, 'cut');
});

test.run();
