import { type Random, random } from '../../operators/random.ts';
import type { Environment } from '../../pipelines/environment/environment.ts';

export const WINDOW_STEPS = 24;
export const WINDOW_CHANNELS = 2;
/** One after the other in the first channel, and the other way round in the second. */
const PATTERN = [1, 2, 0, -2, -1];
const NOISE = 0.5;
const STEPS_MAX = 32;

/**
 * Somewhere in a window of noise a pattern stands, or its reverse, or none; which of them is to be said, for a reward of 1.
 * A number before the window says whether the first two change names. Each step is another window.
 */
export function windowPattern(): Environment {
  let chance: Random = random(0);
  let steps = 0;
  let right = 0;
  let isUnderWay = false;
  const observation = new Float32Array(1 + WINDOW_STEPS * WINDOW_CHANNELS);
  const observe = (): Float32Array => {
    for (let i = 1; i < observation.length; i++) observation[i] = NOISE * chance.normal();
    const kind = chance.below(3);
    const isChanged = chance.below(2) === 1;
    const place = chance.below(WINDOW_STEPS - PATTERN.length + 1);
    observation[0] = isChanged ? 1 : -1;
    for (const [n, value] of PATTERN.entries()) {
      const at = 1 + (place + n) * WINDOW_CHANNELS;
      if (kind < 2) observation[at + kind]! += value;
      if (kind < 2) observation[at + 1 - kind]! -= value;
    }
    right = isChanged && kind < 2 ? 1 - kind : kind;
    return observation;
  };
  const bounds = new Float32Array(observation.length).fill(Infinity);
  return {
    observationSpace: { type: 'box', low: bounds.map((bound) => -bound), high: bounds },
    actionSpace: { type: 'discrete', count: 3 },
    reset: ({ seed } = {}) => {
      if (seed !== undefined) chance = random(seed);
      steps = 0;
      isUnderWay = true;
      return { observation: observe(), info: {} };
    },
    step: (action) => {
      if (!isUnderWay) throw new Error('window-pattern: expected reset before step');
      const reward = action === right ? 1 : 0;
      steps++;
      isUnderWay = steps < STEPS_MAX;
      return { observation: observe(), reward, terminated: false, truncated: !isUnderWay, info: {} };
    },
    close: () => {},
  };
}
