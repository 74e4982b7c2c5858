/** What is put in order by its time. */
export interface Timed {
  /** Receive time in µs since the epoch; NaN: none, the one before it counts. */
  timeUs: number;
}

/**
 * How far a receive time may go back: clocks are stepped by a second or so, and recorders write from several sockets.
 * A time further off is no clock's.
 */
export const BACKWARD_US_MAX = 60_000_000;

/** Called with each item in file order, once it is known whether its time is to be believed. */
export interface TimeJudge<Item extends Timed> {
  accept(item: Item): void;
  refuse(item: Item, expected: string, found: string): void;
}

/**
 * Refuses receive times that go back, and single ones that jump ahead of all that follow. It looks one item ahead, so
 * that one wrong time does not condemn everything behind it.
 */
export function createTimeOrder<Item extends Timed>({
  accept,
  refuse,
}: TimeJudge<Item>): {
  push(item: Item): void;
  finish(): void;
} {
  let last = Number.NEGATIVE_INFINITY;
  let held: Item | undefined;

  function judge(item: Item, nextUs: number): void {
    const isNextInOrder = nextUs >= last - BACKWARD_US_MAX;
    if (item.timeUs < last - BACKWARD_US_MAX) refuse(item, `a time from ${isoTime(last)} on`, isoTime(item.timeUs));
    else if (isNextInOrder && item.timeUs > nextUs + BACKWARD_US_MAX && last > 0)
      refuse(item, `a time between ${isoTime(last)} and ${isoTime(nextUs)}`, isoTime(item.timeUs));
    else {
      last = Math.max(last, item.timeUs);
      accept(item);
    }
  }

  return {
    push(item) {
      if (Number.isNaN(item.timeUs)) {
        item.timeUs = held?.timeUs ?? last;
        if (item.timeUs === Number.NEGATIVE_INFINITY) {
          refuse(item, 'a receive time or an event time', 'neither');
          return;
        }
      }
      if (held !== undefined) judge(held, item.timeUs);
      held = item;
    },
    finish() {
      if (held !== undefined) judge(held, held.timeUs);
      held = undefined;
    },
  };
}

function isoTime(timeUs: number): string {
  return new Date(timeUs / 1000).toISOString();
}
