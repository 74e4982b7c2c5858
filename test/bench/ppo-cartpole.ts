import { createPpo } from '../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../services/trainer/algorithms/ppo-settings.ts';
import { openValueThread } from '../../services/trainer/algorithms/value-thread.ts';
import { openBackend } from '../../services/trainer/backend/backend.ts';
import { cartPole } from '../control-tasks/cart-pole.ts';
import { type Bench, median, RUNS } from './bench.ts';
import { learningPeer } from './rl-peer.ts';

const ENVIRONMENTS = 8;
const STEPS = 256;
const BATCH = 256;
/** Two updates warm up. */
const WARM_UP = 2;

export default {
  name: 'ppo-cartpole',
  summary: `environment steps/s with learning: PPO on CartPole, ${ENVIRONMENTS} × ${STEPS}, batch ${BATCH}, 10 epochs, 64-64 each for policy and values`,
  target: { of: 'ratio', at: 'least', bound: 1.5 },
  async run(context) {
    const backend = await openBackend();
    const settings = PPO_SETTINGS.parse({
      stepsPerUpdate: STEPS,
      batchSize: BATCH,
      epochs: 10,
      hiddenSizes: [64, 64],
      activation: 'tanh',
    });
    const thread = await openValueThread(backend.name);
    const ppo = createPpo(backend, Array.from({ length: ENVIRONMENTS }, cartPole), settings, 1, thread);
    const seconds: number[] = [];
    for (let run = -WARM_UP; run < RUNS; run++) {
      const startMs = performance.now();
      ppo.update();
      if (run >= 0) seconds.push((performance.now() - startMs) / 1_000);
    }
    await thread.close();
    const value = (ENVIRONMENTS * STEPS) / median(seconds);
    const same = (await learningPeer(context)).filter(
      ({ name, envs, batch }) => name.startsWith('SB3 PPO CartPole env') && envs === ENVIRONMENTS && batch === BATCH,
    );
    const referenceValue = same.length === 0 ? null : Math.max(...same.map((figure) => figure.value));
    return {
      name: 'ppo-cartpole',
      value,
      unit: 'steps/s',
      reference: referenceValue === null ? null : 'Stable-Baselines3, the faster of 1 and 2 threads',
      referenceValue,
      ratio: referenceValue === null ? null : value / referenceValue,
      note: `${backend.name} backend, 2 threads`,
    };
  },
} satisfies Bench;
