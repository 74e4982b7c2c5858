import type { Redis } from 'ioredis';
import { compareEntryIds, type EntryId, FIRST_ENTRY_ID } from '../../../streams/id.ts';
import { type DerivedEntry, decodeDerivedEntry } from './derived-entry.ts';
import type { Position } from './position.ts';
import { streamKey } from './stream-name.ts';

/** Entries behind a position, or why there is no going on from it. */
export type ReadBehind =
  | { readonly entries: readonly DerivedEntry[]; readonly lost?: never }
  | { readonly entries?: never; readonly lost: string };

/** A derived entry with two books has some 5 KB. */
export const ENTRIES_A_READ = 200;

/**
 * Reads the next entries of the stream behind `position` (from the rest of its entry on), at most
 * `ENTRIES_A_READ`, up to and with the entry `to`.
 */
export async function readBehind(redis: Redis, stream: string, position: Position, to: EntryId): Promise<ReadBehind> {
  const key = streamKey(stream);
  const from = position.place === undefined ? `(${position.entryId}` : position.entryId;
  // In one transaction, so that nothing is trimmed between the look at the first entry and the read.
  const answers = await redis.multi().xinfo('STREAM', key).xrange(key, from, to, 'COUNT', ENTRIES_A_READ).exec();
  const [[infoError, info] = [], [rangeError, range] = []] = answers ?? [];
  if (infoError?.message.includes('no such key'))
    return position.entryId === FIRST_ENTRY_ID ? { entries: [] } : { lost: 'the stream is empty' };
  if (infoError || rangeError) throw infoError ?? rangeError;
  const lost = describeLoss(info as unknown[], position);
  if (lost !== undefined) return { lost };
  const entries = range as [id: string, pairs: string[]][];
  return { entries: entries.map(([id, pairs]) => decodeDerivedEntry(id, pairs)) };
}

function describeLoss(info: readonly unknown[], { entryId }: Position): string | undefined {
  const value = (name: string): unknown => info[info.indexOf(name) + 1];
  const lastId = String(value('last-generated-id'));
  if (compareEntryIds(entryId, lastId) > 0) return `the stream ends at ${lastId}`;
  const firstId = (value('first-entry') as readonly [string] | null)?.[0];
  const isTrimmed = Number(value('entries-added')) > Number(value('length'));
  const isBeforeFirst = firstId === undefined ? entryId !== lastId : compareEntryIds(entryId, firstId) < 0;
  if (!isTrimmed || !isBeforeFirst || entryId === FIRST_ENTRY_ID) return undefined;
  return `the stream begins at ${firstId ?? 'its end'}`;
}
