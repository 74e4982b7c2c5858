import { type EntryId, parseEntryId } from '../../../streams/id.ts';
import type { FieldError } from '../http/problem.ts';

/** How far a client has come in a derived stream. */
export interface Position {
  readonly entryId: EntryId;
  /** Place of the last event delivered; undefined: the whole entry is. */
  readonly place?: string | undefined;
}

/**
 * The id of an event for a client. With one stream it is the event's identity, `1723161255088-0:3`; with several it
 * says for each how far the client has come, so that any one id resumes them all:
 * `simulated:BTCUSDT@1723161255088-0:3,simulated:ETHUSDT@1723161255087-0`. Streams go by the names of stream-name.ts.
 */
export function formatPositions(streams: readonly string[], positionOf: (stream: string) => Position): string {
  if (streams.length === 1) return formatPosition(positionOf(streams[0]!));
  return streams.map((stream) => `${stream}@${formatPosition(positionOf(stream))}`).join();
}

export function formatPosition({ entryId, place }: Position): string {
  return place === undefined ? entryId : `${entryId}:${place}`;
}

const POSITION = /^(\d{1,16}-\d{1,16})(?::(\d{1,9}(?:\.\d{1,9})?))?$/;

/**
 * Reads what `formatPositions` wrote. A stream that the id does not name starts at its end; one
 * that the client did not ask for is an error.
 */
export function parsePositions(id: string, streams: readonly string[]): ReadonlyMap<string, Position> | FieldError {
  const positions = new Map<string, Position>();
  for (const part of id.split(',')) {
    const at = part.lastIndexOf('@');
    const stream = at < 0 && streams.length === 1 ? streams[0]! : part.slice(0, Math.max(at, 0));
    const position = parsePosition(part.slice(at + 1));
    if (position === undefined || !streams.includes(stream)) {
      const one = `the id of an event of this stream, ${EXAMPLE}`;
      const many = `STREAM@ENTRY:INDEX for ${streams.join(', ')}, separated by commas`;
      return { field: 'lastEventId', expected: streams.length === 1 ? one : many, found: id };
    }
    positions.set(stream, position);
  }
  return positions;
}

const EXAMPLE = 'such as 1723161255088-0:3';

function parsePosition(text: string): Position | undefined {
  const match = POSITION.exec(text);
  if (match === null) return undefined;
  try {
    parseEntryId(match[1]!);
    return { entryId: match[1]!, place: match[2] };
  } catch {
    return undefined;
  }
}
