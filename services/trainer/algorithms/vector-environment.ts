import { type RandomState, resumableRandom } from '../../../operators/random.ts';
import type { Environment } from '../../../pipelines/environment/environment.ts';
import { type BoxSpace, type Space, spaceSize } from '../../../pipelines/environment/space.ts';
import { type EnvironmentGroup, type EpisodeState, inOneThread } from './environment-group.ts';

/** Episodes that the mean of the returns is taken of, as is usual for control tasks. */
const EPISODES_KEPT = 100;
/** Seeds are below it. */
const SEEDS = 2 ** 32;

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

/** What an algorithm is given: environments for the thread that it runs in, or a group of them that is elsewhere. */
export type Environments = readonly Environment[] | EnvironmentGroup;

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
export function vectorEnvironment(environments: Environments, from: number | VectorState): VectorEnvironment {
  const group = 'step' in environments ? environments : inOneThread(environments);
  const { count, observationSpace, actionSpace, columns } = group;
  const { observations, rewards, terminated, truncated } = columns;
  const observationSize = spaceSize(observationSpace);
  const actionSize = spaceSize(actionSpace);
  const random = resumableRandom(typeof from === 'number' ? from : from.random);
  const lastObservations = new Float32Array(count * observationSize);
  const seeds: number[] = [];
  const actionsOf: number[][] = [];
  const returns = typeof from === 'number' ? [] : [...from.returns];
  const lengths = typeof from === 'number' ? [] : [...from.lengths];
  let ended = typeof from === 'number' ? 0 : from.ended;

  const begin = (episodes: ReadonlyMap<number, EpisodeState>): void => {
    for (const [n, { seed, actions }] of episodes) {
      seeds[n] = seed;
      actionsOf[n] = [...actions];
    }
    group.begin(episodes);
  };
  const newEpisode = (): EpisodeState => ({ seed: random.below(SEEDS), actions: new Float32Array() });

  const keep = (list: number[], value: number): void => {
    list.push(value);
    if (list.length > EPISODES_KEPT) list.shift();
  };

  /** Counts the episodes that the last step ended, and begins the next ones. */
  const follow = (): void => {
    const next = new Map<number, EpisodeState>();
    for (let n = 0; n < count; n++) {
      if (!terminated[n] && !truncated[n]) continue;
      ended++;
      keep(returns, columns.returns[n]!);
      keep(lengths, actionsOf[n]!.length / actionSize);
      next.set(n, newEpisode());
    }
    if (next.size > 0) begin(next);
  };

  if (typeof from === 'number') begin(new Map(Array.from({ length: count }, (_, n) => [n, newEpisode()])));
  else {
    if (from.episodes.length !== count)
      throw new RangeError(`environments: expected ${from.episodes.length}, as in the checkpoint, found ${count}`);
    begin(new Map(from.episodes.entries()));
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
      for (let i = 0; i < count * actionSize; i++) actionsOf[Math.floor(i / actionSize)]!.push(actions[i]!);
      group.step(actions);
      lastObservations.set(observations);
      follow();
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

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
