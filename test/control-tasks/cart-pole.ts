import { type Random, random } from '../../operators/random.ts';
import type { Environment } from '../../pipelines/environment/environment.ts';

const GRAVITY = 9.8;
const POLE_MASS = 0.1;
const TOTAL_MASS = 1.1;
/** Half of the pole's length. */
const LENGTH = 0.5;
const FORCE = 10;
const STEP_S = 0.02;
const ANGLE_MAX = (12 * 2 * Math.PI) / 360;
const PLACE_MAX = 2.4;
const STEPS_MAX = 500;

/**
 * A pole on a cart, to be kept upright by pushing the cart to the left (0) or right (1): a reward of 1 a step.
 * @see Gymnasium, `CartPole-v1`, from where the equations and bounds are
 */
export function cartPole(): Environment {
  let chance: Random = random(0);
  let [x, speed, angle, turn] = [0, 0, 0, 0];
  let steps = 0;
  let isUnderWay = false;
  const observation = new Float32Array(4);
  const observe = (): Float32Array => {
    observation.set([x, speed, angle, turn]);
    return observation;
  };
  const low = new Float32Array([-2 * PLACE_MAX, -Infinity, -2 * ANGLE_MAX, -Infinity]);
  return {
    observationSpace: { type: 'box', low, high: low.map((bound) => -bound) },
    actionSpace: { type: 'discrete', count: 2 },
    reset: ({ seed } = {}) => {
      if (seed !== undefined) chance = random(seed);
      const draw = (): number => chance.uniform() * 0.1 - 0.05;
      [x, speed, angle, turn] = [draw(), draw(), draw(), draw()];
      steps = 0;
      isUnderWay = true;
      return { observation: observe(), info: {} };
    },
    step: (action) => {
      if (!isUnderWay) throw new Error('cart-pole: expected reset before step');
      if (action !== 0 && action !== 1) throw new RangeError(`action: expected 0 or 1, found ${action}`);
      const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
      const push = ((action === 1 ? FORCE : -FORCE) + POLE_MASS * LENGTH * turn * turn * sin) / TOTAL_MASS;
      const turning = (GRAVITY * sin - cos * push) / (LENGTH * (4 / 3 - (POLE_MASS * cos * cos) / TOTAL_MASS));
      const speeding = push - (POLE_MASS * LENGTH * turning * cos) / TOTAL_MASS;
      x += STEP_S * speed;
      speed += STEP_S * speeding;
      angle += STEP_S * turn;
      turn += STEP_S * turning;
      steps++;
      const terminated = Math.abs(x) > PLACE_MAX || Math.abs(angle) > ANGLE_MAX;
      const truncated = steps >= STEPS_MAX;
      isUnderWay = !terminated && !truncated;
      return { observation: observe(), reward: 1, terminated, truncated, info: {} };
    },
    close: () => {},
  };
}

/** The cart and pole without their speeds, which only several observations together tell: place and angle. */
export function cartPoleWithoutSpeeds(): Environment {
  const task = cartPole();
  const { low, high } = task.observationSpace;
  const seen = (observation: Float32Array): Float32Array => Float32Array.of(observation[0]!, observation[2]!);
  return {
    ...task,
    observationSpace: { type: 'box', low: seen(low), high: seen(high) },
    reset: (options) => {
      const { observation, info } = task.reset(options);
      return { observation: seen(observation), info };
    },
    step: (action) => {
      const step = task.step(action);
      return { ...step, observation: seen(step.observation) };
    },
  };
}
