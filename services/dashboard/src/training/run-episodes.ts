import { type Answer, get } from '../api/client.ts';
import { fieldsOf } from '../api/fields.ts';

/** An episode of training that has ended. */
export interface RunEpisode {
  /** So many episodes are told by it. */
  readonly standsFor: number;
  /** Steps of all the seed's environments together when it ended. */
  readonly step: number;
  /** Sum of its rewards. */
  readonly return: number;
  /** What its equity changed by, as a part of it; null: it trades nothing. */
  readonly gain: number | null;
  readonly ending: string;
}

const PAGE = 5_000;

/** Asks for the episodes of a run, in the order of steps; asked again, only for what has come since. */
export function askEpisodes(id: string): (signal: AbortSignal) => Promise<Answer<readonly RunEpisode[]>> {
  let settled: readonly RunEpisode[] = [];
  let cursor = '';
  return async (signal) => {
    for (;;) {
      const path = `/runs/${encodeURIComponent(id)}/episodes?limit=${PAGE}${cursor}`;
      const answer = await get(path, readPage, signal);
      if (!answer.isOk) return answer;
      const all = [...settled, ...answer.value.items];
      const next = answer.value.nextCursor;
      if (next === null) return { isOk: true, value: all };
      settled = all;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
  };
}

function readPage(body: unknown): { readonly items: readonly RunEpisode[]; readonly nextCursor: string | null } {
  const fields = fieldsOf('run/episodes', body);
  return { items: fields.list('items').map(readEpisode), nextCursor: fields.textOrNull('nextCursor') };
}

/** @throws TypeError naming the field that is not as expected */
export function readEpisode(value: unknown): RunEpisode {
  const fields = fieldsOf('run/episodes', value);
  const [from, to] = [fields.numberOrNull('equityFrom'), fields.numberOrNull('equityTo')];
  return {
    standsFor: fields.number('standsFor'),
    step: fields.number('step'),
    return: fields.number('return'),
    gain: from === null || to === null || from === 0 ? null : to / from - 1,
    ending: fields.text('ending'),
  };
}

const ENDINGS: Readonly<Record<string, string>> = {
  length: 'cut at their greatest length',
  data: 'cut at the end of the data',
  invalid: 'cut before data that are not valid',
  ruin: 'ruined',
  terminated: 'ended',
  truncated: 'cut',
};

/** `4,312 episodes`, and how they ended, the most frequent first: `cut at their greatest length` 4,120. */
export function countEndings(episodes: readonly RunEpisode[]): {
  readonly count: number;
  readonly endings: readonly (readonly [text: string, count: number])[];
} {
  const counts = new Map<string, number>();
  for (const { ending, standsFor } of episodes) counts.set(ending, (counts.get(ending) ?? 0) + standsFor);
  return {
    count: counts.values().reduce((sum, each) => sum + each, 0),
    endings: [...counts]
      .sort(([, one], [, other]) => other - one)
      .map(([ending, each]) => [ENDINGS[ending] ?? ending, each]),
  };
}
