import type { BookEnvironmentOptions } from './book-environment-options.ts';
import type { BookStart, BookTape } from './book-tape.ts';
import type { DecisionClock } from './decision-clock.ts';

/** A place at which an episode may begin, and how far it may go. */
export interface BookPlace {
  readonly start: BookStart;
  /** The first decision is not before this, µs since the epoch. */
  readonly fromUs: number;
  /** Every decision is before this, µs since the epoch, and before as many events of the book and trades. */
  readonly untilUs: number;
  readonly untilCount: number;
  /** Whether the data end there. */
  readonly isLast: boolean;
}

/**
 * Where there is room for an episode of the greatest length; where that is nowhere, anywhere with room for a step. By the clock of
 * events the warm-up's own are not known before, and are left out of that.
 * @throws RangeError where there is no such place
 */
export function bookPlaces(
  tape: BookTape,
  clock: DecisionClock,
  { maxSteps = Number.POSITIVE_INFINITY, warmUpMs = 0, mayCrossInvalid = false }: BookEnvironmentOptions['episode'],
): readonly BookPlace[] {
  if (!(maxSteps >= 1)) throw new RangeError(`episode, maxSteps: expected a number from 1, found ${maxSteps}`);
  if (!(warmUpMs >= 0)) throw new RangeError(`episode, warmUpMs: expected a number from 0, found ${warmUpMs}`);
  const places = tape.starts.map((start): BookPlace => {
    const { untilUs, untilCount, isLast } = start.stretch;
    return {
      start,
      fromUs: start.timeUs + warmUpMs * 1_000,
      untilUs: mayCrossInvalid ? tape.endUs : untilUs,
      untilCount: mayCrossInvalid ? tape.endCount : untilCount,
      isLast: mayCrossInvalid || isLast,
    };
  });
  const possible = places.filter((place) => hasRoom(place, clock, 1));
  const roomy = possible.filter((place) => hasRoom(place, clock, maxSteps));
  if (possible.length === 0)
    throw new RangeError(
      `episode: expected a stretch with a valid book and room for a step after ${warmUpMs} ms, found none`,
    );
  return roomy.length > 0 ? roomy : possible;
}

function hasRoom({ start, fromUs, untilUs, untilCount }: BookPlace, clock: DecisionClock, steps: number): boolean {
  if (fromUs >= untilUs) return false;
  if ('everyEvents' in clock) return start.count + 1 + steps * clock.everyEvents <= untilCount;
  const everyUs = clock.everyMs * 1_000;
  return Math.ceil(fromUs / everyUs) * everyUs + steps * everyUs < untilUs;
}
