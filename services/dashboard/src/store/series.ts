import { onNextFrame } from './frame.ts';
import { createListeners, type Readable, type Schedule } from './store.ts';

/** Something at a time. */
export interface Timed {
  /** Seconds since the epoch. */
  readonly timeS: number;
}

/** At most `limit` items, oldest first, one a time. */
export interface Series<T extends Timed> extends Readable<readonly T[]> {
  /** Puts in an item, or replaces the one of the same time. */
  put(item: T): void;
  /** Puts in history beneath what is there already: where both have a time, what is there stays. */
  load(history: readonly T[]): void;
  clear(): void;
  /** Rises when anything but the end has changed, so that a chart knows when to draw everything again. */
  revision(): number;
}

/** The array is changed in place: views read it in the frame in which they are told, and keep none of it. */
export function createSeries<T extends Timed>(limit: number, schedule: Schedule = onNextFrame): Series<T> {
  const items: T[] = [];
  let revision = 0;
  const listeners = createListeners(schedule);

  function trim(): void {
    // A quarter at a time, since each trimming makes a chart draw everything again.
    if (items.length <= limit * 1.25) return;
    items.splice(0, items.length - limit);
    revision++;
  }

  return {
    get: () => items,
    revision: () => revision,
    put(item) {
      const at = placeOf(items, item.timeS);
      const isThere = items[at]?.timeS === item.timeS;
      if (at < items.length - 1 || (at === items.length - 1 && !isThere)) revision++;
      items.splice(at, isThere ? 1 : 0, item);
      trim();
      listeners.tell();
    },
    load(history) {
      const byTime = new Map(history.map((item) => [item.timeS, item]));
      for (const item of items) byTime.set(item.timeS, item);
      const merged = [...byTime.values()].sort((a, b) => a.timeS - b.timeS);
      items.splice(0, items.length, ...merged.slice(-limit));
      revision++;
      listeners.tell();
    },
    clear() {
      items.length = 0;
      revision++;
      listeners.tell();
    },
    subscribe: listeners.add,
  };
}

/** Index of the first item not before `timeS`; looked for from the end, where nearly all come in. */
function placeOf(items: readonly Timed[], timeS: number): number {
  let at = items.length;
  while (at > 0 && items[at - 1]!.timeS >= timeS) at--;
  return at;
}
