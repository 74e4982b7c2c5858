import type { BoxSpace, Space } from './space.ts';

/** What an environment says beside the observation: numbers and texts by name. Lent until the next call. */
export type StepInfo = Readonly<Record<string, number | string | boolean>>;

/** What a step came to. The object and its observation are lent until the next call. */
export interface Step {
  readonly observation: Float32Array;
  readonly reward: number;
  /** The task has ended by itself, as by ruin or a liquidation: nothing more is to be gained. */
  readonly terminated: boolean;
  /** The episode was cut, as by its greatest length or the end of the data: more would have been to be gained. */
  readonly truncated: boolean;
  readonly info: StepInfo;
}

/** Where an episode begins. */
export interface Begin {
  readonly observation: Float32Array;
  readonly info: StepInfo;
}

/**
 * A task with the semantics of Gymnasium: an episode is `reset`, then `step` until it is terminated or truncated. The same
 * seed and actions give the same episode, to the last bit.
 * @see https://gymnasium.farama.org/api/env/
 */
export interface Environment {
  readonly observationSpace: BoxSpace;
  readonly actionSpace: Space;
  /**
   * Begins an episode.
   * @param options.seed of all that is left to chance from now on; where it is not said, chance goes on as it was
   */
  reset(options?: { readonly seed?: number }): Begin;
  /**
   * @throws RangeError where the action is not of the action space
   * @throws Error where no episode is under way
   */
  step(action: number | Float32Array): Step;
  /** Lets go of what it holds; it is not to be used after that. */
  close(): void;
}
