import { type RandomState, resumableRandom } from '../../../operators/random.ts';
import type { Environment } from '../../../pipelines/environment/environment.ts';
import { type BoxSpace, type Space, spaceSize } from '../../../pipelines/environment/space.ts';

/** Episodes that the mean of the returns is taken of, as is usual for control tasks. */
const EPISODES_KEPT = 100;
/** Seeds are below it. */
const SEEDS = 2 ** 32;

/** An episode under way: its seed and actions, of which it can be made again. */
export interface EpisodeState {
  readonly seed: number;
  /** float32[steps, actionSize]. */
  readonly actions: Float32Array;
}

/** Where several environments are, as plain data. */
export interface VectorState {
  readonly random: RandomState;
  readonly episodes: readonly EpisodeState[];
  /** float32[environments, observationSize]: what the replayed episodes must come to. */
  readonly observations: Float32Array;
  readonly returns: readonly number[];
  readonly lengths: readonly number[];
  readonly ended: number;
}

/** What ended episodes came to. */
export interface EpisodeStatistics {
  /** Episodes ended since the start. */
  readonly episodes: number;
  /** Of the last 100 episodes, or of as many as there were; null before the first one's end. */
  readonly episodeReturnMean: number | null;
  readonly episodeLengthMean: number | null;
}

/** Several environments of one kind that step together; an ended episode is followed by the next at once. */
export interface VectorEnvironment {
  readonly count: number;
  readonly observationSpace: BoxSpace;
  readonly actionSpace: Space;
  readonly observationSize: number;
  /** Numbers an action is. */
  readonly actionSize: number;
  /** float32[count, observationSize]: what is to be acted on now. */
  readonly observations: Float32Array;
  /** Of the last step; where an episode ended, `observations` is of the next one and this its own last. */
  readonly lastObservations: Float32Array;
  readonly rewards: Float32Array;
  /** 1 where the last step ended the episode by itself, and where it was cut. */
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** @param actions float32[count, actionSize]; of a box, cut to its bounds */
  readonly step: (actions: Float32Array) => void;
  readonly statistics: () => EpisodeStatistics;
  readonly state: () => VectorState;
}

/**
 * Every episode begins with a seed of its own from one generator. Thus the state is no more than that generator's, and each
 * episode's seed and actions so far: taken up again, the episodes are played once more up to there.
 * @throws Error where an episode played again comes to another observation: the environment is not deterministic by its seed
 */
export function vectorEnvironment(environments: readonly Environment[], from: number | VectorState): VectorEnvironment {
  const [first] = environments;
  if (first === undefined) throw new RangeError('environments: expected one or more, found none');
  const { observationSpace, actionSpace } = first;
  const count = environments.length;
  const observationSize = spaceSize(observationSpace);
  const actionSize = spaceSize(actionSpace);
  const random = resumableRandom(typeof from === 'number' ? from : from.random);
  const observations = new Float32Array(count * observationSize);
  const lastObservations = new Float32Array(count * observationSize);
  const rewards = new Float32Array(count);
  const terminated = new Uint8Array(count);
  const truncated = new Uint8Array(count);
  const seeds: number[] = [];
  const actionsOf: number[][] = [];
  const returnOf: number[] = new Array<number>(count).fill(0);
  const returns = typeof from === 'number' ? [] : [...from.returns];
  const lengths = typeof from === 'number' ? [] : [...from.lengths];
  let ended = typeof from === 'number' ? 0 : from.ended;

  const begin = (n: number, seed: number): void => {
    seeds[n] = seed;
    actionsOf[n] = [];
    returnOf[n] = 0;
    observations.set(environments[n]!.reset({ seed }).observation, n * observationSize);
  };

  const stepOne = (n: number, actions: Float32Array, at: number): void => {
    for (let i = 0; i < actionSize; i++) actionsOf[n]!.push(actions[at + i]!);
    const step = environments[n]!.step(actionOf(actionSpace, actions, at));
    rewards[n] = step.reward;
    returnOf[n]! += step.reward;
    terminated[n] = step.terminated ? 1 : 0;
    truncated[n] = step.truncated ? 1 : 0;
    observations.set(step.observation, n * observationSize);
  };

  const keep = (list: number[], value: number): void => {
    list.push(value);
    if (list.length > EPISODES_KEPT) list.shift();
  };

  const end = (n: number): void => {
    ended++;
    keep(returns, returnOf[n]!);
    keep(lengths, actionsOf[n]!.length / actionSize);
    begin(n, random.below(SEEDS));
  };

  if (typeof from === 'number') for (let n = 0; n < count; n++) begin(n, random.below(SEEDS));
  else {
    if (from.episodes.length !== count)
      throw new RangeError(`environments: expected ${from.episodes.length}, as in the checkpoint, found ${count}`);
    for (const [n, { seed, actions }] of from.episodes.entries()) {
      begin(n, seed);
      for (let at = 0; at < actions.length; at += actionSize) stepOne(n, actions, at);
    }
    if (!from.observations.every((value, i) => Object.is(value, observations[i])))
      throw new Error('environment: expected the same episode from the same seed and actions, found another one');
  }

  return {
    count,
    observationSpace,
    actionSpace,
    observationSize,
    actionSize,
    observations,
    lastObservations,
    rewards,
    terminated,
    truncated,
    step: (actions) => {
      for (let n = 0; n < count; n++) stepOne(n, actions, n * actionSize);
      lastObservations.set(observations);
      for (let n = 0; n < count; n++) if (terminated[n] || truncated[n]) end(n);
    },
    statistics: () => ({ episodes: ended, episodeReturnMean: mean(returns), episodeLengthMean: mean(lengths) }),
    state: () => ({
      random: random.state(),
      episodes: seeds.map((seed, n) => ({ seed, actions: Float32Array.from(actionsOf[n]!) })),
      observations: observations.slice(),
      returns: [...returns],
      lengths: [...lengths],
      ended,
    }),
  };
}

/** What an environment is given: a number, or a vector within the bounds. */
export function actionOf(space: Space, actions: Float32Array, at: number): number | Float32Array {
  if (space.type === 'discrete') return actions[at]!;
  return space.low.map((low, i) => Math.min(Math.max(actions[at + i]!, low), space.high[i]!));
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
