import type { Redis } from 'ioredis';
import { type EntryId, parseEntryId } from '../../streams/id.ts';
import { describeRecording } from '../../streams/recordings.ts';
import { selectRecordings } from '../../streams/select-recordings.ts';

/** A place in time: an instant, or an entry of the log. */
export interface Bound {
  /** µs since the epoch. */
  readonly timeUs: number;
  readonly entryId: EntryId | undefined;
}

/** What to read: a time is the first that counts, or the first that no longer does; of entries both count. */
export interface Extent {
  readonly instrument: string;
  /** Undefined: the recordings that tell the instrument's story in this time. */
  readonly recording: string | undefined;
  readonly from: Bound | undefined;
  readonly to: Bound | undefined;
}

/** A part of one recording: receive times in µs, both included, and entries. */
export interface Span {
  readonly recording: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly fromEntry: EntryId | undefined;
  readonly toEntry: EntryId | undefined;
}

/**
 * How far the time in an entry's id may lie from the receive times of its events, ms: ids never go back, receive times
 * may, by a minute at most; a live entry gets its id from another clock.
 */
export const ID_LAG_MS_MAX = 65_000;
export const ID_LEAD_MS_MAX = 10_000;

/** Later than any time of a recording, and still exact in a double. */
const END_US = 8_000_000_000_000_000;

/**
 * The parts of recordings that an extent names, in order of time.
 *
 * @param say told which recordings were passed over for others of the same time
 * @throws where the recording that is asked for does not exist
 */
export async function spansOf(
  redis: Redis,
  { instrument, recording, from, to }: Extent,
  say: (line: string) => void,
): Promise<Span[]> {
  const fromEntry = from?.entryId;
  const toEntry = to?.entryId;
  // An entry may hold events that were received a little before its id says.
  const fromUs = from === undefined || fromEntry !== undefined ? 0 : from.timeUs;
  const toUs = to === undefined || toEntry !== undefined ? END_US : to.timeUs - 1;
  if (recording !== undefined) {
    if ((await describeRecording(redis, instrument, recording)) === undefined)
      throw new Error(`${instrument} has no recording ${recording}`);
    return [{ recording, fromUs, toUs, fromEntry, toEntry }];
  }
  const entryUs = (id: EntryId): number => parseEntryId(id).ms * 1000;
  const selected = await selectRecordings(
    redis,
    instrument,
    fromEntry === undefined ? fromUs : entryUs(fromEntry),
    toEntry === undefined ? toUs : entryUs(toEntry) + 999,
  );
  for (const span of selected)
    for (const other of span.insteadOf)
      say(
        `${instrument}: recording ${other} covers the same time as ${span.recording}, which is taken; --recording ${other} takes it instead`,
      );
  return selected.map((span) => ({
    recording: span.recording,
    fromUs: span.fromUs,
    toUs: span.toUs,
    fromEntry,
    toEntry,
  }));
}
