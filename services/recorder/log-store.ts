import type { LogEvent } from './writer.ts';

/** What the log did with a batch. */
export interface AppendReport {
  /** Events that are now in the log and were not before, by channel. */
  readonly events: ReadonlyMap<string, number>;
  /** Events that the log refused because it has them, by channel. */
  readonly duplicates: ReadonlyMap<string, number>;
  /** Holes that the log marked in front of an event of this batch. */
  readonly gaps: readonly {
    readonly channel: string;
    readonly expected: string | null;
    readonly found: string | null;
  }[];
}

/** The log as the recorder uses it. */
export interface LogStore {
  /** Last source sequences in the log, by channel. */
  lastSequences(instrument: string): Promise<ReadonlyMap<string, number>>;
  /** Idempotent. */
  append(instrument: string, batch: readonly LogEvent[]): Promise<AppendReport>;
  /** Keeps a payload that was refused; it is counted even where it cannot be kept. */
  deadLetter(instrument: string, channel: string, reason: string, receiveTimeUs: number, payload: string): void;
}
