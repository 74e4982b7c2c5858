// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDqn, type DqnCheckpoint } from '../../../../services/trainer/algorithms/dqn.ts';
import { DQN_SETTINGS } from '../../../../services/trainer/algorithms/dqn-settings.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { pendulum } from '../../../control-tasks/pendulum.ts';
import { testBackend } from '../../../support/test-backend.ts';
import { resumesExactly } from './resumes-exactly.ts';
import { scaledRewards } from './scaled-rewards.ts';

const test = suite('services/trainer/algorithms/dqn');

const STEPS_MAX = 120_000;

const SHORT = DQN_SETTINGS.parse({
  totalSteps: 2_000,
  stepsPerUpdate: 50,
  gradientSteps: 5,
  batchSize: 16,
  bufferSize: 600,
  learningStarts: 150,
  targetUpdateEvery: 7,
  hiddenSizes: [16, 8],
});

for (const [name, settings] of [
  ['all of it', SHORT],
  ['none of it', { ...SHORT, isDouble: false, isDuelling: false, priorityExponent: 0, nSteps: 1 }],
] as const)
  test(`killed after 5 updates and taken up again, it equals 10 at once to the last bit: ${name}`, async () => {
    const backend = await testBackend();
    const make = () => [cartPole(), cartPole()];
    resumesExactly<DqnCheckpoint>(backend, (from) => createDqn(backend, make(), settings, from));
  });

test('a box of actions is refused', async () => {
  const backend = await testBackend();
  assert.throws(() => createDqn(backend, [pendulum()], SHORT, 1), /dqn: expected discrete actions, found a box/);
});

test('rewards are learned from times their scale', async () => {
  const backend = await testBackend();
  const learned = (made: number, rewardScale: number): Float32Array => {
    const dqn = createDqn(backend, [scaledRewards(cartPole(), made)], { ...SHORT, rewardScale }, 1);
    for (let n = 0; n < 8; n++) dqn.update();
    return dqn.checkpoint().parameters;
  };
  // A power of two, which rounds nothing.
  assert.equal(learned(1 / 64, 64), learned(1, 1));
  assert.not.equal(learned(1, 64), learned(1, 1));
});

test(`the last 100 episodes come to 475 within ${STEPS_MAX} steps`, async () => {
  const backend = await testBackend();
  const settings = DQN_SETTINGS.parse({
    totalSteps: STEPS_MAX,
    batchSize: 128,
    learningRateSchedule: 'linear',
    explorationFraction: 0.06,
    epsilonLast: 0.01,
    priorityExponent: 0.4,
  });
  const dqn = createDqn(backend, [cartPole()], settings, 1);
  let found: number | null = null;
  while (!dqn.isDone()) {
    const { episodes, episodeReturnMean } = dqn.update();
    found = episodeReturnMean!;
    if (episodes! >= 100 && found >= 475) return;
  }
  assert.unreachable(`after ${dqn.globalStep()} steps: ${found}`);
});

test.run();
