import type { Environment } from '../../../pipelines/environment/environment.ts';
import { type BoxSpace, type Space, spaceSize } from '../../../pipelines/environment/space.ts';
import { ENDING_SIZE, noteBegin, noteEnd } from './episode-ending.ts';

/** An episode under way: its seed and actions, of which it can be made again. */
export interface EpisodeState {
  readonly seed: number;
  /** float32[steps, actionSize]. */
  readonly actions: Float32Array;
}

/** What environments came to, a row each. */
export interface StepColumns {
  /** float32[count, observationSize]: after the last step or beginning. */
  readonly observations: Float32Array;
  /** Of the last step. */
  readonly rewards: Float32Array;
  /** The sum of the rewards since the episode began. */
  readonly returns: Float64Array;
  /** 1 where the last step ended the episode by itself, and where it was cut. */
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** float64[count, ENDING_SIZE]: what the environments say at the episodes' ends. */
  readonly endings: Float64Array;
}

/** Several environments of one kind that are stepped together, wherever they are. */
export interface EnvironmentGroup {
  readonly count: number;
  readonly observationSpace: BoxSpace;
  readonly actionSpace: Space;
  /** Written by what follows. */
  readonly columns: StepColumns;
  /** Begins an episode of each environment that is named, and plays it up to where its actions end. */
  readonly begin: (episodes: ReadonlyMap<number, EpisodeState>) => void;
  /** @param actions float32[count, actionSize]; of a box, cut to its bounds */
  readonly step: (actions: Float32Array) => void;
}

/** Columns of so many environments. @param isShared whether other threads may have them too */
export function stepColumns(count: number, observationSize: number, isShared = false): StepColumns {
  const room = (bytes: number): ArrayBufferLike => (isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  return {
    observations: new Float32Array(room(4 * count * observationSize)),
    rewards: new Float32Array(room(4 * count)),
    returns: new Float64Array(room(8 * count)),
    terminated: new Uint8Array(room(count)),
    truncated: new Uint8Array(room(count)),
    endings: new Float64Array(room(8 * count * ENDING_SIZE)),
  };
}

/** One environment of a group, which writes the row `n`. */
export interface EnvironmentRow {
  readonly begin: (episode: EpisodeState) => void;
  /** @param at where its action begins */
  readonly step: (actions: Float32Array, at: number) => void;
}

export function environmentRow(environment: Environment, n: number, columns: StepColumns): EnvironmentRow {
  const { observations, rewards, returns, terminated, truncated, endings } = columns;
  const { actionSpace, observationSpace } = environment;
  const actionSize = spaceSize(actionSpace);
  const observationAt = n * spaceSize(observationSpace);
  const step = (actions: Float32Array, at: number): void => {
    const said = environment.step(actionOf(actionSpace, actions, at));
    rewards[n] = said.reward;
    returns[n]! += said.reward;
    terminated[n] = said.terminated ? 1 : 0;
    truncated[n] = said.truncated ? 1 : 0;
    if (said.terminated || said.truncated) noteEnd(said, endings, n);
    observations.set(said.observation, observationAt);
  };
  return {
    step,
    begin({ seed, actions }) {
      returns[n] = 0;
      const begun = environment.reset({ seed });
      noteBegin(begun, endings, n);
      observations.set(begun.observation, observationAt);
      for (let at = 0; at < actions.length; at += actionSize) step(actions, at);
    },
  };
}

/** Environments that are stepped one after the other, in the thread that calls. */
export function inOneThread(environments: readonly Environment[]): EnvironmentGroup {
  const [first] = environments;
  if (first === undefined) throw new RangeError('environments: expected one or more, found none');
  const { observationSpace, actionSpace } = first;
  const count = environments.length;
  const actionSize = spaceSize(actionSpace);
  const columns = stepColumns(count, spaceSize(observationSpace));
  const rows = environments.map((environment, n) => environmentRow(environment, n, columns));
  return {
    count,
    observationSpace,
    actionSpace,
    columns,
    begin(episodes) {
      for (const [n, episode] of episodes) rows[n]!.begin(episode);
    },
    step(actions) {
      for (let n = 0; n < count; n++) rows[n]!.step(actions, n * actionSize);
    },
  };
}

/** What an environment is given: a number, or a vector within the bounds. */
export function actionOf(space: Space, actions: Float32Array, at: number): number | Float32Array {
  if (space.type === 'discrete') return actions[at]!;
  return space.low.map((low, i) => Math.min(Math.max(actions[at + i]!, low), space.high[i]!));
}
