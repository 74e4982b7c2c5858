import type { Redis } from 'ioredis';
import type { EntryId } from '../../../streams/id.ts';
import { backfilledKey } from '../../../streams/keys.ts';
import type { RecordingName } from '../../../streams/recordings.ts';

/** A feature set that was filled by a backfill, and what of the recording its rows cover. */
export interface BackfilledSet {
  /** `name-v1` */
  readonly set: string;
  /** Of the set's definition then. */
  readonly hash: string;
  /** Beside which other recording, where the set is one of two instruments. */
  readonly other: RecordingName | null;
  /** Receive times of the rows, µs since the epoch, both included; null: no bound. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  /** Last entry of the recording when it was filled. */
  readonly lastEntryId: EntryId;
}

/** Keeps what a backfill covers, unless it is part of what is kept already. */
export async function rememberBackfill(
  redis: Redis,
  { instrument, recording }: RecordingName,
  filled: BackfilledSet,
): Promise<void> {
  const key = backfilledKey(instrument, recording);
  const field = fieldOf(filled);
  const text = await redis.hget(key, field);
  const before = text === null ? undefined : (JSON.parse(text) as BackfilledSet);
  if (before?.hash === filled.hash && covers(before, filled) && !covers(filled, before)) return;
  await redis.hset(key, field, JSON.stringify(filled));
}

/** Every set that was filled of a recording, in order of name. */
export async function listBackfilledSets(
  redis: Redis,
  { instrument, recording }: RecordingName,
): Promise<BackfilledSet[]> {
  const texts = await redis.hgetall(backfilledKey(instrument, recording));
  const fields = Object.keys(texts).sort();
  return fields.map((field) => JSON.parse(texts[field]!) as BackfilledSet);
}

/** A set of two instruments is filled apart for each other one. */
function fieldOf({ set, other }: BackfilledSet): string {
  return other === null ? set : `${set} ${other.instrument} ${other.recording}`;
}

type Span = Pick<BackfilledSet, 'fromUs' | 'toUs'>;

function covers(one: Span, other: Span): boolean {
  const isFrom = one.fromUs === null || (other.fromUs !== null && one.fromUs <= other.fromUs);
  return isFrom && (one.toUs === null || (other.toUs !== null && one.toUs >= other.toUs));
}
