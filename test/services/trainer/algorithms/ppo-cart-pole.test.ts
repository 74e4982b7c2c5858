// time limit: 480 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createPpo } from '../../../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../../../services/trainer/algorithms/ppo-settings.ts';
import { cartPole } from '../../../control-tasks/cart-pole.ts';
import { testBackend } from '../../../support/test-backend.ts';

const test = suite('services/trainer/algorithms/ppo-cart-pole');
const STEPS_MAX = 80_000;

/** As rl-baselines3-zoo has tuned them for CartPole-v1, but in as small batches as are usual, and to an end where it must have learned. */
const TUNED = PPO_SETTINGS.parse({
  totalSteps: STEPS_MAX,
  stepsPerUpdate: 32,
  batchSize: 64,
  epochs: 10,
  gamma: 0.98,
  gaeLambda: 0.8,
  learningRate: 1e-3,
  learningRateSchedule: 'linear',
  clipRange: 0.2,
  clipRangeSchedule: 'linear',
});

for (const seed of [1, 2, 3])
  test(`the last 100 episodes come to 475 within ${STEPS_MAX} steps: seed ${seed}`, async () => {
    const backend = await testBackend();
    const ppo = createPpo(backend, Array.from({ length: 8 }, cartPole), TUNED, seed);
    let found: number | null = null;
    while (ppo.globalStep() < STEPS_MAX) {
      const { episodes, episodeReturnMean } = ppo.update();
      found = episodeReturnMean!;
      if (episodes! >= 100 && found >= 475) return;
    }
    assert.unreachable(`after ${ppo.globalStep()} steps: ${found}`);
  });

test.run();
