import { dirname, join } from 'node:path';
import { createPpo } from '../../services/trainer/algorithms/ppo.ts';
import { PPO_SETTINGS } from '../../services/trainer/algorithms/ppo-settings.ts';
import { openValueThread } from '../../services/trainer/algorithms/value-thread.ts';
import { openBackend } from '../../services/trainer/backend/backend.ts';
import { madeBars, recordedBars } from './backtest-bars.ts';
import { type Bench, median, RUNS } from './bench.ts';
import { createdOn } from './env-bars.ts';
import { learningPeer } from './rl-peer.ts';

const STEPS = 2_048;
const BATCH = 256;
/** Two updates warm up. */
const WARM_UP = 2;

export default {
  name: 'ppo-trading',
  summary: `environment steps/s with learning: PPO on 5-minute bars through orders, fees and funding, 1 × ${STEPS}, batch ${BATCH}, 10 epochs, 64-64 each for policy and values`,
  target: { of: 'ratio', at: 'least', bound: 5 },
  async run(context) {
    const { captures } = context;
    const recorded = captures === undefined ? undefined : recordedBars(join(dirname(captures), 'klines'));
    const backend = await openBackend();
    const settings = PPO_SETTINGS.parse({ stepsPerUpdate: STEPS, batchSize: BATCH, epochs: 10, hiddenSizes: [64, 64] });
    const thread = await openValueThread(backend.name);
    const ppo = createPpo(backend, [createdOn(recorded ?? madeBars())], settings, 1, thread);
    const seconds: number[] = [];
    for (let run = -WARM_UP; run < RUNS; run++) {
      const startMs = performance.now();
      ppo.update();
      if (run >= 0) seconds.push((performance.now() - startMs) / 1_000);
    }
    await thread.close();
    const value = STEPS / median(seconds);
    const peer = (await learningPeer(context)).find(({ name }) => name.startsWith('SB3 PPO gym-trading-env'))?.value;
    const bars = recorded === undefined ? 'made bars; ' : '';
    return {
      name: 'ppo-trading',
      value,
      unit: 'steps/s',
      reference: peer === undefined ? null : 'Stable-Baselines3 on gym-trading-env, 2 threads',
      referenceValue: peer ?? null,
      ratio: peer === undefined ? null : value / peer,
      note: `${bars}${backend.name} backend, 2 threads`,
    };
  },
} satisfies Bench;
