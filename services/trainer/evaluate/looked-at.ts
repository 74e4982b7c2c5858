import type { Span } from '../run/bar-data.ts';
import { type Look, type Looks, NO_LOOKS } from './look.ts';

/** What a judgement of a span must reckon with, and what it cannot. Plain data. */
export interface LookedAt {
  /** Configurations with a seed each that are judged now. */
  readonly own: number;
  /** Others, that runs and evaluations have looked at before on time of this span. */
  readonly earlier: number;
  /** How many runs and evaluations that were; those of nothing but what is judged now are none. */
  readonly runs: number;
  readonly evaluations: number;
  /** Of the earlier ones, those whose returns over nearly all of this span are kept. */
  readonly compared: number;
  /** Said by `--tried`: configurations, each with as many seeds as are judged now. */
  readonly tried: number;
  /** All of them. */
  readonly trials: number;
  /** Not counted, since they told nothing of the span. */
  readonly unfinished: number;
  /** Not counted: on this time, and on other candles or on the book. */
  readonly elsewhere: number;
  readonly unread: number;
}

export interface Judged extends Span {
  readonly periodMs: number;
  /** Of each agent that is judged now; agents that no one else has are told apart by their places. */
  readonly trials?: readonly string[] | undefined;
  readonly agents: number;
  /** Periods. */
  readonly periods: number;
}

/** What was looked at on a span, with what others gained meanwhile. */
export interface Looked {
  readonly counted: LookedAt;
  /** Periods of the span that all of them have, the second not included: all of it where there are none. */
  readonly shared: readonly [number, number];
  /** Their returns in these. */
  readonly returns: readonly (readonly number[])[];
}

/** Of the span's periods, which others must have to be compared. */
const SHARED_MIN = 0.9;

export function lookedAt(
  { fromMs, toMs, periodMs, trials, agents, periods }: Judged,
  { looks, unfinished, elsewhere, unread }: Looks = NO_LOOKS,
  tried = 0,
): Looked {
  const isShared = (span: Span): boolean => span.fromMs < toMs && span.toMs > fromMs;
  const own = new Set(trials);
  const earlier = new Set<string>();
  // Counted from the end: of several spans in a row, days that their ends cut in two are two periods.
  const endAt = Math.ceil(toMs / periodMs) - periods;
  /** By trial, with the place of the first in the span's periods. */
  const same = new Map<string, { readonly at: number; readonly returns: readonly number[] }>();
  const isOther = (trial: string): boolean => !own.has(trial);
  // Who looks again at the same has looked at nothing more.
  const shared = looks.filter((look) => isShared(look) && look.trials.some(isOther));
  for (const look of shared) {
    for (const trial of look.trials.filter(isOther)) earlier.add(trial);
    const end = Math.ceil(look.toMs / periodMs) - endAt;
    for (const [n, kept] of look.returns().entries()) {
      const trial = look.trials[n]!;
      // Who was ruined has none up to the end: which periods they are is not known.
      if (kept?.periodMs !== periodMs || kept.returns.at(-1)! <= -1 || !isOther(trial)) continue;
      const at = end - kept.returns.length;
      if (Math.min(periods, end) - Math.max(0, at) >= SHARED_MIN * periods)
        same.set(trial, { at, returns: kept.returns });
    }
  }
  const others = [...same.values()];
  const from = Math.max(0, ...others.map(({ at }) => at));
  const to = Math.min(periods, ...others.map(({ at, returns }) => at + returns.length));
  return {
    counted: {
      own: agents,
      earlier: earlier.size,
      runs: countOf(shared, 'run'),
      evaluations: countOf(shared, 'evaluation'),
      compared: same.size,
      tried,
      trials: agents + earlier.size + agents * tried,
      unfinished: unfinished.filter(isShared).length,
      elsewhere: elsewhere.filter(isShared).length,
      unread,
    },
    shared: [from, to],
    returns: others.map(({ at, returns }) => returns.slice(from - at, to - at)),
  };
}

function countOf(looks: readonly Look[], by: Look['by']): number {
  return new Set(looks.filter((look) => look.by === by).map(({ id }) => id)).size;
}
