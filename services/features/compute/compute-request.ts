import type { RecordingName } from '../../../streams/recordings.ts';

/** A feature of a span, computed when it is asked for. Plain data, as it goes to another thread. */
export interface ComputeRequest {
  readonly redisUrl: string;
  /** QuestDB over HTTP. */
  readonly questdbUrl: string;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly recording: string;
  /** Where the feature is of two instruments. */
  readonly other?: RecordingName | undefined;
  /** Name of the catalogue. */
  readonly feature: string;
  readonly parameters: Readonly<Record<string, number>>;
  /** Bars that it is folded from, and at whose ends it is sampled where it is one of bars. */
  readonly interval: '1s' | '1m';
  /** Of the rows that are wanted, µs since the epoch. */
  readonly fromUs: number;
  readonly toUs: number;
  /** Where it is one of quotes: of each such span the last row only. */
  readonly everyMs: number;
  readonly tickSize: string;
  readonly stepSize: string;
}

/** One row: when it was so, µs since the epoch, and the values by output; null: warming up, or nothing to say. */
export type ComputedRow = readonly [ts: number, ...values: (number | null)[]];
