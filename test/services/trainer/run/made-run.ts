import { barData } from '../../../../services/trainer/run/bar-data.ts';
import { barTraining } from '../../../../services/trainer/run/bar-training.ts';
import { type PerformRunOptions, performRun } from '../../../../services/trainer/run/perform-run.ts';
import type { BarRunData, RunData } from '../../../../services/trainer/run/read-run-data.ts';
import { checkTrainConfig } from '../../../../services/trainer/run/train-config.ts';
import { loadWarmStrategy } from '../../../../services/trainer/run/warm-strategy.ts';
import { madeBars } from '../../../pipelines/simulation/made-bars.ts';
import { SCALE } from '../../../pipelines/simulation/small-bars.ts';
import { TEST_BACKEND } from '../../../support/test-backend.ts';

const PPO = { totalSteps: 2_560, stepsPerUpdate: 32, batchSize: 32, epochs: 2, hiddenSizes: [8, 8] };

/** A small run on made candles: two seeds of 40 updates. */
export function madeRun(more: object = {}): BarRunData {
  const bars = madeBars(1, 1_500);
  const config = checkTrainConfig({
    instrument: 'simulated:TEST',
    interval: '1m',
    features: ['rsi', { feature: 'rate_of_change', parameters: { period: 3 } }],
    episodeSteps: 60,
    environments: 2,
    seeds: [1, 2],
    ...('dqn' in more || 'sac' in more ? {} : { ppo: PPO }),
    ...more,
  });
  const data = barData(config, { bars, scale: SCALE, funding: { funding: bars.funding, recording: undefined } });
  const part = { recording: '0123456789ab', fromEntryId: bars.firstEntryId, toEntryId: bars.lastEntryId };
  return { data, training: barTraining(data), part };
}

export async function runMade(home: string, more: object = {}, options: Partial<PerformRunOptions> = {}) {
  const { part, data: made } = madeRun(more);
  const data = { ...made, warmStrategy: await loadWarmStrategy(made.config) };
  return performMade({ part, training: barTraining(data) }, home, options);
}

/** With a code version of its own, so that a commit meanwhile is no other run. */
export function performMade(runData: RunData, home: string, options: Partial<PerformRunOptions> = {}) {
  return performRun(runData, { home, backend: TEST_BACKEND, workers: 1, code: 'test', ...options });
}
