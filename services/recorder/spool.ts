/** The bound on everything that waits for Redis, over all instruments. */
export interface Spool {
  /** One event of so many characters waits. Calls `onFull` once when a limit is passed; it is never refused. */
  add(characters: number): void;
  /** So many events of together so many characters are in the log. */
  remove(events: number, characters: number): void;
  events(): number;
  characters(): number;
  /** The fuller of the two limits, 0 to 1 and above. */
  fill(): number;
}

export interface SpoolOptions {
  readonly charactersMax: number;
  readonly eventsMax: number;
  /** The fill has reached another tenth, from a half upwards. */
  readonly onFilling: (fill: number) => void;
  /** The recorder must stop: going on would drop events. */
  readonly onFull: () => void;
}

/** Payloads are ASCII but for rare symbols, and V8 keeps such text in one byte a character. */
export function createSpool({ charactersMax, eventsMax, onFilling, onFull }: SpoolOptions): Spool {
  let events = 0;
  let characters = 0;
  let reportedTenth = 4;
  let isFull = false;
  const fill = () => Math.max(events / eventsMax, characters / charactersMax);

  return {
    add(length) {
      events++;
      characters += length;
      const tenth = Math.floor(fill() * 10);
      if (tenth > reportedTenth && tenth < 10) {
        reportedTenth = tenth;
        onFilling(fill());
      }
      if (tenth < 10 || isFull) return;
      isFull = true;
      onFull();
    },
    remove(count, length) {
      events -= count;
      characters -= length;
      if (fill() < 0.4) reportedTenth = 4;
    },
    events: () => events,
    characters: () => characters,
    fill,
  };
}
