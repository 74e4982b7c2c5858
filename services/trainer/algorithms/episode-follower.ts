import { spaceSize } from '../../../pipelines/environment/space.ts';
import type { EnvironmentGroup } from './environment-group.ts';
import { type Ending, readEnding } from './episode-ending.ts';

/** An episode of training that has ended. Plain data; null: the environment does not say. */
export interface Episode {
  /** From 1, in the order in which the seed's episodes ended. */
  readonly episode: number;
  /** So many episodes, up to this one, are told by it. */
  readonly standsFor: number;
  /** Steps of all the seed's environments together when it ended. */
  readonly step: number;
  /** Steps of its own. */
  readonly length: number;
  /** The sum of its rewards. */
  readonly return: number;
  readonly ending: Ending;
  /** Of the data that it went through, µs since the epoch. */
  readonly from: number | null;
  readonly to: number | null;
  /** Quote asset. */
  readonly equityFrom: number | null;
  readonly equityTo: number | null;
  readonly fees: number | null;
  /** Orders, also in part. */
  readonly filled: number | null;
}

/** A group whose ended episodes are gathered. */
export interface EpisodeFollower {
  /** To be stepped in place of the one that is followed. */
  readonly group: EnvironmentGroup;
  /** Those that have ended since it was asked last, as many of them as are kept. */
  readonly take: () => readonly Episode[];
}

/** Every one of so many is kept, then every second of the next so many, and so on. */
const KEPT_WHOLE = 1_024;

/**
 * Of how many episodes one is kept. It says so by the number alone, so that a run which is taken up again keeps the same:
 * each of the first 1,024, every second up to 2,048, every fourth up to 4,096. Of a million that is 6,000.
 */
export function episodesPerKept(episode: number): number {
  return episode <= KEPT_WHOLE ? 1 : 2 ** Math.ceil(Math.log2(episode / KEPT_WHOLE));
}

/**
 * Follows a group's episodes. A step costs a look at what has ended, and makes nothing.
 * @param from where the run goes on: its steps so far, and the episodes that have ended
 */
export function followEpisodes(
  group: EnvironmentGroup,
  from: { readonly globalStep: number; readonly episodes: number } = { globalStep: 0, episodes: 0 },
): EpisodeFollower {
  const { count, columns } = group;
  const { terminated, truncated, returns, endings } = columns;
  const actionSize = spaceSize(group.actionSpace);
  const lengths = new Float64Array(count);
  let step = from.globalStep;
  let episode = from.episodes;
  let ended: Episode[] = [];

  function end(n: number): void {
    episode++;
    const standsFor = episodesPerKept(episode);
    if (episode % standsFor !== 0) return;
    const { ending, fromMs, toMs, equityFrom, equityTo, fees, filled } = readEnding(endings, n);
    ended.push({
      episode,
      standsFor,
      step,
      length: lengths[n]!,
      return: returns[n]!,
      ending,
      from: said(fromMs * 1_000),
      to: said(toMs * 1_000),
      equityFrom: said(equityFrom),
      equityTo: said(equityTo),
      fees: said(fees),
      filled: said(filled),
    });
  }

  return {
    group: {
      ...group,
      begin(episodes) {
        for (const [n, { actions }] of episodes) lengths[n] = actions.length / actionSize;
        group.begin(episodes);
      },
      step(actions) {
        group.step(actions);
        step += count;
        for (let n = 0; n < count; n++) {
          lengths[n]!++;
          if ((terminated[n]! | truncated[n]!) !== 0) end(n);
        }
      },
    },
    take() {
      const taken = ended;
      ended = [];
      return taken;
    },
  };
}

function said(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
