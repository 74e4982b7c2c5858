import { type Random, random } from '../../operators/random.ts';
import type { Environment } from '../../pipelines/environment/environment.ts';

const GRAVITY = 10;
const STEP_S = 0.05;
const SPEED_MAX = 8;
const TORQUE_MAX = 2;
const STEPS_MAX = 200;

/**
 * A pendulum of 1 kg and 1 m, to be swung up and held by a torque of −2 to 2 Nm; the reward is
 * −(angle² + 0.1·speed² + 0.001·torque²), with an angle of 0 at the top.
 * @see Gymnasium, `Pendulum-v1`, from where the equations and bounds are
 */
export function pendulum(): Environment {
  let chance: Random = random(0);
  let [angle, speed] = [0, 0];
  let steps = STEPS_MAX;
  const observation = new Float32Array(3);
  const observe = (): Float32Array => {
    observation.set([Math.cos(angle), Math.sin(angle), speed]);
    return observation;
  };
  const high = new Float32Array([1, 1, SPEED_MAX]);
  return {
    observationSpace: { type: 'box', low: high.map((bound) => -bound), high },
    actionSpace: { type: 'box', low: new Float32Array([-TORQUE_MAX]), high: new Float32Array([TORQUE_MAX]) },
    reset: ({ seed } = {}) => {
      if (seed !== undefined) chance = random(seed);
      angle = (chance.uniform() * 2 - 1) * Math.PI;
      speed = chance.uniform() * 2 - 1;
      steps = 0;
      return { observation: observe(), info: {} };
    },
    step: (action) => {
      if (steps >= STEPS_MAX) throw new Error('pendulum: expected reset before step');
      const torque = typeof action === 'number' ? Number.NaN : action[0]!;
      if (!(Math.abs(torque) <= TORQUE_MAX))
        throw new RangeError(`action: expected a torque from -2 to 2, found ${action}`);
      const turned = angle + Math.PI;
      const fromTop = turned - 2 * Math.PI * Math.floor(turned / (2 * Math.PI)) - Math.PI;
      const reward = -(fromTop ** 2 + 0.1 * speed ** 2 + 0.001 * torque ** 2);
      const faster = speed + (1.5 * GRAVITY * Math.sin(angle) + 3 * torque) * STEP_S;
      speed = Math.min(Math.max(faster, -SPEED_MAX), SPEED_MAX);
      angle += speed * STEP_S;
      steps++;
      return { observation: observe(), reward, terminated: false, truncated: steps >= STEPS_MAX, info: {} };
    },
    close: () => {},
  };
}
