import type { Redis } from 'ioredis';
import { replay } from '../../../streams/replay.ts';

export interface LoggedEvent {
  readonly entryId: string;
  readonly channel: string;
  readonly payload: string;
  readonly receiveTimeUs: number;
}

/** Every event of a recording, in log order. */
export async function logContents(redis: Redis, instrument: string, recording: string): Promise<LoggedEvent[]> {
  const contents: LoggedEvent[] = [];
  for await (const page of replay({ redis, instrument, recording }))
    for (const { entryId, events } of page)
      for (const { channel, payload, receiveTimeUs } of events)
        contents.push({ entryId, channel, payload: payload.toString(), receiveTimeUs });
  return contents;
}

/** How often each value comes, by key. */
export function countBy<Item>(items: Iterable<Item>, key: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}
