import type { BookEpisodeRun } from './book-environment-options.ts';
import type { BookPlace } from './book-places.ts';
import type { BookTape } from './book-tape.ts';
import type { TradeFlow } from './book-trade-flow.ts';
import { checkClock, type DecisionClock } from './decision-clock.ts';

/** A run over a part of a tape that stops at each decision. */
export interface BookEpisode {
  /** Of the episode under way. */
  readonly run: BookEpisodeRun;
  /** Whether the data end where its stretch does. */
  readonly isLast: boolean;
  /**
   * Goes to the first decision behind a place.
   * @throws RangeError where the book, or a feature, is not valid in all of the stretch
   */
  begin(place: BookPlace): void;
  /** Goes on to the next decision; to the end of the tape where there is none. */
  next(): void;
  /** Whether there is another decision in the stretch. */
  hasNext(): boolean;
  /** The strategy's timer has come. */
  onTimer(timeUs: number): void;
}

export interface BookCourseOptions {
  readonly tape: BookTape;
  readonly clock: DecisionClock;
  /** Follows what is heard. */
  readonly flow: TradeFlow;
  readonly createRun: (isPaused: () => boolean) => BookEpisodeRun;
}

/** @throws RangeError for a clock that cannot be */
export function createBookEpisode({ tape, clock, flow, createRun }: BookCourseOptions): BookEpisode {
  const isTimed = 'everyMs' in clock;
  const every = isTimed ? clock.everyMs * 1_000 : clock.everyEvents;
  checkClock(clock);
  let run: BookEpisodeRun;
  let isDue = false;
  let [fromUs, untilUs, untilCount] = [0, 0, 0];
  /** The part of the tape that is taken next. */
  let part = 0;
  let isEnded = false;
  /** Events of the head that have not been heard; of the book and trades that have been; and at how many of them it decides. */
  let [headLeft, count, dueCount] = [0, 0, 0];

  /** Asked after each event that was heard, which are counted here. */
  function isEventDue(): boolean {
    if (headLeft > 0) {
      headLeft--;
      return false;
    }
    if (!flow.hearNext()) return false;
    count++;
    isDue = count >= dueCount && run.simulation.market.timeUs >= fromUs;
    return isDue;
  }

  const isPaused = isTimed ? (): boolean => isDue : isEventDue;

  function goOn(): void {
    const { simulation } = run;
    isDue = false;
    simulation.goOn();
    while (!isDue && !isEnded) {
      if (part < tape.parts.length) simulation.push(tape.parts[part++]!);
      else {
        isEnded = true;
        simulation.end();
      }
    }
    if (isTimed) flow.hearUpTo(simulation.market.timeUs);
  }

  function hasNext(): boolean {
    if (!isDue) return false;
    return isTimed ? run.simulation.market.timeUs + every < untilUs : count + every <= untilCount;
  }

  const course = {
    // Set by the first `begin`, before which nothing is asked.
    run: undefined as unknown as BookEpisodeRun,
    isLast: false,
    begin(place: BookPlace): void {
      const { start } = place;
      ({ fromUs, untilUs, untilCount } = place);
      run = createRun(isPaused);
      course.run = run;
      course.isLast = place.isLast;
      part = start.part;
      isEnded = false;
      headLeft = start.head.events;
      count = start.count;
      dueCount = 0;
      flow.begin(start);
      isDue = false;
      run.simulation.push(start.head);
      goOn();
      const { market } = run.simulation;
      while (!(market.isBookValid && market.areFeaturesValid) && hasNext()) goOn();
      if (!hasNext())
        throw new RangeError(
          `episode: expected a valid book and features at a decision from ${fromUs} to ${untilUs} µs, found none`,
        );
      // What was heard before the first decision is no flow since the last one.
      flow.clear();
    },
    next(): void {
      dueCount = count + every;
      goOn();
    },
    hasNext,
    onTimer(timeUs: number): void {
      isDue = timeUs >= fromUs;
    },
  };
  return course;
}
