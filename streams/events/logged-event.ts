import type { MarketEvent } from './decoder.ts';

/** Where an event stands in the log. */
export interface EventPlace {
  /** Id of the entry that holds it; with `index` the event's identity. */
  readonly entryId: string;
  /** Which event of the entry, from 0. */
  readonly index: number;
  /** When the recorder received it, µs since the epoch. */
  readonly receiveTimeUs: number;
  readonly channel: string;
}

/** A decoded event with its place in the log. */
export interface LoggedEvent extends EventPlace {
  readonly event: MarketEvent;
}
