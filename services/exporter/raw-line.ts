import { formatEventId } from '../../streams/id.ts';
import type { LocatedEvent } from './raw-events.ts';

/**
 * An event as a line of JSON; the payload stands in it with its exact text, so that importing the line gives it back.
 * Line ends inside a payload, which JSON has only between its tokens, become spaces.
 */
export function rawLine(instrument: string, { recording, entryId, index, event }: LocatedEvent): string {
  const payload = event.payload.toString().replace(/[\r\n]+/g, ' ');
  return `{"entry_id":"${formatEventId(entryId, index)}","symbol":${JSON.stringify(instrument)},"recording":"${recording}","channel":"${event.channel}","receive_time":${event.receiveTimeUs},"payload":${payload}}`;
}
