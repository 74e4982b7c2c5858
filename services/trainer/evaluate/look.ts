import { hash } from 'node:crypto';
import type { Span } from '../run/bar-data.ts';

/** Figures of a span that were seen before: whatever was chosen since, was chosen knowing them. */
export interface Look extends Span {
  /** Of a run: its id. Of an evaluation: when it was made. */
  readonly id: string;
  readonly by: 'run' | 'evaluation';
  /** A configuration with a seed each, see `trialOf`: the same one in two looks is one trial. */
  readonly trials: readonly string[];
  /** Of each trial, or of the first of them, returns of the span's periods, as far as they are kept. */
  readonly returns: () => readonly (KeptReturns | null)[];
}

export interface KeptReturns {
  readonly periodMs: number;
  /** With costs, one a period. */
  readonly returns: readonly number[];
}

/** What was looked at so far of one instrument's candles. */
export interface Looks {
  readonly looks: readonly Look[];
  /** Runs that came to no end, and so told no figure of a span. */
  readonly unfinished: readonly Span[];
  /** Runs on other candles, or on the order book, of the same instrument. */
  readonly elsewhere: readonly Span[];
  /** Evaluations that do not say what they were of. */
  readonly unread: number;
}

export const NO_LOOKS: Looks = { looks: [], unfinished: [], elsewhere: [], unread: 0 };

/**
 * What is tried, whatever it is called: the first 16 hex digits of the SHA-256 of a configuration without its other seeds and
 * without the study that its settings are from.
 */
export function trialOf(config: unknown, seed: number): string {
  const { seeds: _, study: __, ...rest } = config as Readonly<Record<string, unknown>>;
  return hash('sha256', JSON.stringify([sorted(rest), seed])).slice(0, 16);
}

/** With keys in one order: PostgreSQL keeps another one than files. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
