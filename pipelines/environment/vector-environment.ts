import type { Environment, StepInfo } from './environment.ts';
import { type BoxSpace, type Space, spaceSize } from './space.ts';

/** What the environments of a vector came to. All of it is lent until the next call; row n is of environment n. */
export interface VectorStep {
  /** Of an episode that ended, the first observation of the next. */
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  /** 1: so it is. */
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** The last observation of the episode, where one ended in this step; 0 where none did. */
  readonly finalObservations: Float32Array;
  /** The last info of the episode, where one ended in this step. */
  readonly finalInfos: readonly (StepInfo | null)[];
  readonly infos: readonly StepInfo[];
}

/** Environments that are stepped together, in one thread. */
export interface VectorEnvironment {
  readonly count: number;
  /** Of each of them. */
  readonly observationSpace: BoxSpace;
  readonly actionSpace: Space;
  /** Begins an episode in each: environment n with the seed + n. */
  reset(options?: { readonly seed?: number }): Pick<VectorStep, 'observations' | 'infos'>;
  /**
   * One step of each. Where an episode ends, the next begins in the same step.
   * @param actions one after another: a number of each, or so many as the space has
   */
  step(actions: Float32Array | Int32Array): VectorStep;
  close(): void;
}

/**
 * Binds environments of the same spaces, with same-step autoreset.
 * @see https://gymnasium.farama.org/api/vector/ (AutoresetMode.SAME_STEP)
 * @throws RangeError where there is none, or their spaces differ
 */
export function createVectorEnvironment(environments: readonly Environment[]): VectorEnvironment {
  const [first] = environments;
  if (first === undefined) throw new RangeError('environments: expected at least one, found none');
  const { observationSpace, actionSpace } = first;
  for (const [n, environment] of environments.entries()) {
    checkSpace(n, 'observations', observationSpace, environment.observationSpace);
    checkSpace(n, 'actions', actionSpace, environment.actionSpace);
  }
  const count = environments.length;
  const size = spaceSize(observationSpace);
  const actionSize = spaceSize(actionSpace);
  const observations = new Float32Array(count * size);
  const finalObservations = new Float32Array(count * size);
  const rewards = new Float32Array(count);
  const terminated = new Uint8Array(count);
  const truncated = new Uint8Array(count);
  const finalInfos: (StepInfo | null)[] = environments.map(() => null);
  const infos: StepInfo[] = environments.map(() => ({}));
  const boxes = environments.map(() => new Float32Array(actionSize));
  const said: VectorStep = { observations, rewards, terminated, truncated, finalObservations, finalInfos, infos };

  function actionAt(actions: Float32Array | Int32Array, n: number): number | Float32Array {
    if (actionSpace.type === 'discrete') return actions[n]!;
    const box = boxes[n]!;
    for (let at = 0; at < actionSize; at++) box[at] = actions[n * actionSize + at]!;
    return box;
  }

  function begin(n: number, seed: number | undefined): void {
    const { observation, info } = seed === undefined ? environments[n]!.reset() : environments[n]!.reset({ seed });
    observations.set(observation, n * size);
    infos[n] = info;
  }

  return {
    count,
    observationSpace,
    actionSpace,
    reset({ seed } = {}) {
      for (let n = 0; n < count; n++) begin(n, seed === undefined ? undefined : seed + n);
      return said;
    },
    step(actions) {
      if (actions.length !== count * actionSize)
        throw new RangeError(`actions: expected ${count * actionSize} numbers, found ${actions.length}`);
      for (let n = 0; n < count; n++) {
        const step = environments[n]!.step(actionAt(actions, n));
        const isOver = step.terminated || step.truncated;
        rewards[n] = step.reward;
        terminated[n] = step.terminated ? 1 : 0;
        truncated[n] = step.truncated ? 1 : 0;
        if (isOver) {
          finalObservations.set(step.observation, n * size);
          finalInfos[n] = { ...step.info };
          begin(n, undefined);
        } else {
          if (finalInfos[n] !== null) finalObservations.fill(0, n * size, (n + 1) * size);
          finalInfos[n] = null;
          observations.set(step.observation, n * size);
          infos[n] = step.info;
        }
      }
      return said;
    },
    close() {
      for (const environment of environments) environment.close();
    },
  };
}

function checkSpace(n: number, of: string, expected: Space, found: Space): void {
  const [one, other] = [textOf(expected), textOf(found)];
  if (one !== other) throw new RangeError(`environment ${n}, ${of}: expected ${one}, as the first has, found ${other}`);
}

function textOf(space: Space): string {
  return space.type === 'discrete' ? `${space.count} actions` : `a box from ${space.low} to ${space.high}`;
}
