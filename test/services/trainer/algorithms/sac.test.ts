// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Environment } from '../../../../pipelines/environment/environment.ts';
import { openPolicy } from '../../../../services/trainer/algorithms/policy.ts';
import { createSac, type SacCheckpoint } from '../../../../services/trainer/algorithms/sac.ts';
import { SAC_SETTINGS } from '../../../../services/trainer/algorithms/sac-settings.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { pendulum } from '../../../control-tasks/pendulum.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { resumesExactly } from './resumes-exactly.ts';
import { scaledRewards } from './scaled-rewards.ts';

const test = suite('services/trainer/algorithms/sac');
const STEPS_MAX = 15_000;

const SHORT = SAC_SETTINGS.parse({
  totalSteps: 2_000,
  stepsPerUpdate: 50,
  gradientSteps: 5,
  batchSize: 16,
  bufferSize: 600,
  learningStarts: 250,
  hiddenSizes: [16, 8],
});

test('killed after 5 updates and taken up again, it equals 10 at once to the last bit', async () => {
  const backend = await testBackend();
  resumesExactly<SacCheckpoint>(backend, (from) => createSac(backend, [pendulum(), pendulum()], SHORT, from));
});

test('actions that are not a box with bounds are refused', async () => {
  const backend = await testBackend();
  assert.throws(
    () => createSac(backend, [cartPole()], SHORT, 1),
    /sac: expected actions of a box, found discrete ones/,
  );
  const endless: Environment = {
    ...pendulum(),
    actionSpace: { type: 'box', low: new Float32Array([-1]), high: new Float32Array([Infinity]) },
  };
  assert.throws(() => createSac(backend, [endless], SHORT, 1), /sac: expected actions with finite bounds/);
});

test('rewards are learned from times their scale', async () => {
  const backend = await testBackend();
  const learned = (made: number, rewardScale: number): Float32Array => {
    const sac = createSac(backend, [scaledRewards(pendulum(), made)], { ...SHORT, rewardScale }, 1);
    for (let n = 0; n < 8; n++) sac.update();
    return sac.checkpoint().parameters;
  };
  // A power of two, which rounds nothing.
  assert.equal(learned(1 / 64, 64), learned(1, 1));
  assert.not.equal(learned(1, 64), learned(1, 1));
});

test(`the pendulum is held, for a return of -200 or more, within ${STEPS_MAX} steps`, async () => {
  const backend = await testBackend();
  const sac = createSac(backend, [pendulum()], SAC_SETTINGS.parse({ totalSteps: STEPS_MAX }), 1);
  let found = -Infinity;
  while (!sac.isDone() && found < -200) {
    sac.update();
    if (sac.globalStep() % 1_024 === 0) found = meanReturn(openPolicy(sac.policy()));
  }
  assert.ok(found >= -200, `after ${sac.globalStep()} steps: ${found}`);
});

/** Of 20 episodes that training does not see. */
function meanReturn(policy: ReturnType<typeof openPolicy>): number {
  const task = pendulum();
  let sum = 0;
  for (let seed = 0; seed < 20; seed++) {
    let { observation } = task.reset({ seed });
    for (let isOver = false; !isOver; ) {
      const step = task.step(policy(observation));
      sum += step.reward;
      observation = step.observation;
      isOver = step.truncated;
    }
  }
  return sum / 20;
}

test.run();
