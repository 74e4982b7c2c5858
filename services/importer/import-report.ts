import type { AppendTally } from './append-tally.ts';
import type { Format, RecognisedFormat } from './formats.ts';
import type { Sizes } from './payload-check.ts';
import type { RefusedKind, RefusedLine } from './refusals.ts';
import type { Survey } from './survey.ts';

/** How far an import is. */
export interface ImportProgress {
  /** Reading the file through; appending its events; deriving rows from them. */
  readonly phase: 'survey' | 'append' | 'derive';
  /** Of the file as it lies on the disk; 0 while deriving. */
  readonly bytes: number;
  readonly bytesTotal: number;
  /** Events appended so far. */
  readonly events: number;
}

/** What became of a file. */
export interface ImportReport {
  readonly file: string;
  readonly recording: string;
  readonly instrument: string;
  readonly format: Format;
  /** Lines that are not blank. */
  readonly lines: number;
  /** Events in the log, by channel. */
  readonly events: Readonly<Record<string, number>>;
  /** Events that the file has twice, by channel. */
  readonly duplicates: Readonly<Record<string, number>>;
  /** Events behind a later one of their channel, kept as dead letters: by channel. */
  readonly late: Readonly<Record<string, number>>;
  /** Gaps marked, by channel. */
  readonly gaps: Readonly<Record<string, number>>;
  /** Events of other instruments, by instrument. */
  readonly otherInstrument: Readonly<Record<string, number>>;
  /** Events of kinds that Don does not record. */
  readonly unsupported: Readonly<Record<string, number>>;
  /** Lines, or events in them, that were not taken: all are counted, and kept as dead letters. */
  readonly refusedTotal: number;
  readonly refusedKinds: readonly RefusedKind[];
  /** The first of each kind. */
  readonly refused: readonly RefusedLine[];
  /** Why the file is not whole; null where it is. */
  readonly cutShort: string | null;
  readonly tickSize: string;
  readonly stepSize: string;
  /** Receive times of the first and last event, µs since the epoch. */
  readonly fromUs: number;
  readonly toUs: number;
  /** True where the log had all of it before: nothing was added. */
  readonly alreadyImported: boolean;
}

export function reportOf(
  { file, instrument }: { readonly file: string; readonly instrument: string },
  recording: string,
  { format }: RecognisedFormat,
  survey: Survey,
  sizes: Sizes,
  { added, duplicates, late, gaps }: AppendTally,
): ImportReport {
  const { lines, otherInstrument, unsupported, refusals, cutShort, fromUs, toUs } = survey;
  return {
    file,
    recording,
    instrument,
    format,
    lines,
    events: added,
    duplicates,
    late,
    gaps,
    otherInstrument,
    unsupported,
    refusedTotal: refusals.total,
    refusedKinds: refusals.kinds,
    refused: refusals.lines,
    cutShort: cutShort ?? null,
    ...sizes,
    fromUs,
    toUs,
    alreadyImported: false,
  };
}
