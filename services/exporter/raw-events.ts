import type { Redis } from 'ioredis';
import type { RawEvent } from '../../streams/entry.ts';
import type { EntryId } from '../../streams/id.ts';
import { replay } from '../../streams/replay.ts';
import { ID_LAG_MS_MAX, ID_LEAD_MS_MAX, type Span } from './span.ts';

/** An event of the log, and where it lies. */
export interface LocatedEvent {
  readonly recording: string;
  readonly entryId: EntryId;
  /** In the entry, from 0. */
  readonly index: number;
  readonly event: RawEvent;
}

/** The events of the spans in log order, a page at a time. */
export async function* rawEvents(
  redis: Redis,
  instrument: string,
  spans: readonly Span[],
): AsyncGenerator<readonly LocatedEvent[]> {
  for (const { recording, fromUs, toUs, fromEntry, toEntry } of spans) {
    const from = fromEntry ?? Math.max(0, Math.floor(fromUs / 1000) - ID_LEAD_MS_MAX);
    const to = toEntry ?? Math.ceil(toUs / 1000) + ID_LAG_MS_MAX;
    for await (const page of replay({ redis, instrument, recording, from, to })) {
      const located: LocatedEvent[] = [];
      for (const { entryId, events } of page)
        events.forEach((event, index) => {
          const { receiveTimeUs } = event;
          if (receiveTimeUs >= fromUs && receiveTimeUs <= toUs) located.push({ recording, entryId, index, event });
        });
      if (located.length > 0) yield located;
    }
  }
}
