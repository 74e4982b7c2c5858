import type { Redis } from 'ioredis';
import { z } from 'zod';
import { nearestName } from '../../infra/nearest-name.ts';
import { parseInstrument } from '../../streams/instrument.ts';
import { checkRecording } from '../../streams/keys.ts';
import { listInstruments, listRecordings } from '../../streams/recordings.ts';
import { BadJobData } from './job-kind.ts';

/** Fields that several kinds of jobs have in their data. */

export const instrumentField = text('venue:SYMBOL such as simulated:BTCUSDT', (name) => parseInstrument(name).name);

export const recordingField = text('live, or the 12 hex digits that name an import', checkRecording);

/** µs since the epoch. */
export const timeField = z
  .int('a time in µs since the epoch, as an integer')
  .nonnegative('a time in µs since the epoch, as an integer');

/** A text that `check` neither throws at nor gives undefined for. */
export function text(expected: string, check: (value: string) => string | undefined): z.ZodType<string> {
  const isFine = (value: string): boolean => {
    try {
      return check(value) !== undefined;
    } catch {
      return false;
    }
  };
  return z.string(expected).refine(isFine, { error: expected });
}

/** @throws BadJobData where nothing is recorded of the instrument, or not that recording */
export async function checkRecorded(
  redis: Redis,
  { instrument, recording }: { readonly instrument?: string | undefined; readonly recording?: string | undefined },
  field = 'data/instrument',
): Promise<void> {
  if (instrument === undefined) return;
  const known = await listInstruments(redis);
  if (!known.includes(instrument))
    refuse(field, `a recorded instrument (don import FILE --instrument ${instrument} makes it one)`, instrument, known);
  const recordings = (await listRecordings(redis, instrument)).map((each) => each.recording);
  if (recording !== undefined && !recordings.includes(recording))
    refuse('data/recording', `a recording of ${instrument}`, recording, recordings);
}

function refuse(field: string, what: string, found: string, known: readonly string[]): never {
  const nearest = nearestName(found, known);
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  const list = known.length === 0 ? 'there is none yet' : `one of ${known.join(', ')}`;
  throw new BadJobData([{ field, expected: `${what}: ${list}${hint}`, found }]);
}
