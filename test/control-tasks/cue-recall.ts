import { type Random, random } from '../../operators/random.ts';
import type { Environment } from '../../pipelines/environment/environment.ts';

const DELAY_MIN = 5;
const DELAY_MAX = 10;

/**
 * A cue is shown once, at the beginning; when a bell rings some steps later it is to be named, 0 or 1. Right is a reward of
 * 1, wrong of −1. Who does not remember is right half of the time. An observation is [cue, bell].
 */
export function cueRecall(): Environment {
  let chance: Random = random(0);
  let cue = 0;
  let left = 0;
  let isUnderWay = false;
  const observation = new Float32Array(2);
  return {
    observationSpace: { type: 'box', low: new Float32Array([-1, 0]), high: new Float32Array([1, 1]) },
    actionSpace: { type: 'discrete', count: 2 },
    reset: ({ seed } = {}) => {
      if (seed !== undefined) chance = random(seed);
      cue = chance.below(2);
      left = DELAY_MIN + chance.below(DELAY_MAX - DELAY_MIN + 1);
      isUnderWay = true;
      observation.set([cue === 1 ? 1 : -1, 0]);
      return { observation, info: {} };
    },
    step: (action) => {
      if (!isUnderWay) throw new Error('cue-recall: expected reset before step');
      left--;
      observation.set([0, left === 0 ? 1 : 0]);
      isUnderWay = left >= 0;
      const reward = isUnderWay ? 0 : action === cue ? 1 : -1;
      return { observation, reward, terminated: !isUnderWay, truncated: false, info: {} };
    },
    close: () => {},
  };
}
