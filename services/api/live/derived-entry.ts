import type { EntryId } from '../../../streams/id.ts';

/** One derived event, its JSON as stored. */
export interface DerivedEvent {
  readonly topic: string;
  /**
   * Which event of the entry: the index of the raw event that it came from, and for the second, third… derived event of
   * the same raw event `.1`, `.2`…: `3`, `3.1`.
   */
  readonly place: string;
  readonly json: string;
}

/** An entry of a derived stream; it has the id of the raw entry that it came from. */
export interface DerivedEntry {
  readonly entryId: EntryId;
  readonly traceparent: string | undefined;
  readonly events: readonly DerivedEvent[];
}

/** Every value starts with the index of its raw event: `{"i":3,…`. */
const RAW_INDEX = /^\{\s*"i"\s*:\s*(\d{1,9})/;

/** An entry from what Redis answers: its id and its field/value pairs in order. */
export function decodeDerivedEntry(entryId: EntryId, pairs: readonly string[]): DerivedEntry {
  let traceparent: string | undefined;
  const events: DerivedEvent[] = [];
  const counts = new Map<string, number>();
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const topic = pairs[at]!;
    const json = pairs[at + 1]!;
    if (topic === 'traceparent') traceparent = json;
    if (topic === 'v' || topic === 'recording' || topic === 'traceparent') continue;
    const index = RAW_INDEX.exec(json)?.[1] ?? '0';
    const earlier = counts.get(index) ?? 0;
    counts.set(index, earlier + 1);
    events.push({ topic, place: earlier === 0 ? index : `${index}.${earlier}`, json });
  }
  return { entryId, traceparent, events };
}

/** The events of an entry behind `place`; where the entry has no event there, those of later raw events. */
export function eventsAfter(events: readonly DerivedEvent[], place: string): readonly DerivedEvent[] {
  const at = events.findIndex((event) => event.place === place);
  if (at >= 0) return events.slice(at + 1);
  const index = Number.parseInt(place, 10);
  return events.filter((event) => Number.parseInt(event.place, 10) > index);
}
