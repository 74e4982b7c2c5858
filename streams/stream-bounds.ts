import type { Redis } from 'ioredis';
import type { EntryId } from './id.ts';

/** What a stream says of itself. */
export interface StreamBounds {
  /** Last id ever given, also where that entry was trimmed; 0-0 where there was none. */
  readonly lastId: EntryId;
  /** Undefined where the stream is empty. */
  readonly firstId: EntryId | undefined;
}

/** First and last entry of a part of a stream. */
export interface SpanEnds {
  readonly first: EntryId;
  readonly last: EntryId;
}

/**
 * The first and the last entry that are there of a span.
 * @param from and @param to entries, or times in ms since the epoch; the whole stream where not said
 * @returns undefined where there is none
 */
export async function spanEnds(
  redis: Redis,
  key: string,
  from: EntryId | number = '-',
  to: EntryId | number = '+',
): Promise<SpanEnds | undefined> {
  const [[first] = []] = await redis.xrange(key, from, to, 'COUNT', 1);
  const [[last] = []] = await redis.xrevrange(key, to, from, 'COUNT', 1);
  return first === undefined || last === undefined ? undefined : { first, last };
}

/** Reads the bounds of a stream; those of an empty one where the key does not exist. */
export async function streamBounds(redis: Redis, key: string): Promise<StreamBounds> {
  let items: unknown[];
  try {
    items = (await redis.xinfo('STREAM', key)) as unknown[];
  } catch (error) {
    if (error instanceof Error && error.message.includes('no such key')) return { lastId: '0-0', firstId: undefined };
    throw error;
  }
  const value = (name: string): unknown => items[items.indexOf(name) + 1];
  const first = value('first-entry') as readonly [EntryId] | null;
  return { lastId: String(value('last-generated-id')), firstId: first?.[0] };
}
