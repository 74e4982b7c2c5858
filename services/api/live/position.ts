import { type EntryId, parseEntryId } from '../../../streams/id.ts';
import type { FieldError } from '../http/problem.ts';

/** How far a client has come in the derived stream of an instrument. */
export interface Position {
  readonly entryId: EntryId;
  /** Place of the last event delivered; undefined: the whole entry is. */
  readonly place?: string | undefined;
}

/**
 * The id of an event for a client. With one instrument it is the event's identity, `1723161255088-0:3`; with several it
 * says for each how far the client has come, so that any one id resumes them all:
 * `simulated:BTCUSDT@1723161255088-0:3,simulated:ETHUSDT@1723161255087-0`.
 */
export function formatPositions(instruments: readonly string[], positionOf: (instrument: string) => Position): string {
  if (instruments.length === 1) return formatPosition(positionOf(instruments[0]!));
  return instruments.map((instrument) => `${instrument}@${formatPosition(positionOf(instrument))}`).join();
}

export function formatPosition({ entryId, place }: Position): string {
  return place === undefined ? entryId : `${entryId}:${place}`;
}

const POSITION = /^(\d{1,16}-\d{1,16})(?::(\d{1,9}(?:\.\d{1,9})?))?$/;

/**
 * Reads what `formatPositions` wrote. An instrument that the id does not name starts at the end of its stream; one
 * that the client did not ask for is an error.
 */
export function parsePositions(id: string, instruments: readonly string[]): ReadonlyMap<string, Position> | FieldError {
  const positions = new Map<string, Position>();
  for (const part of id.split(',')) {
    const at = part.lastIndexOf('@');
    const instrument = at < 0 && instruments.length === 1 ? instruments[0]! : part.slice(0, Math.max(at, 0));
    const position = parsePosition(part.slice(at + 1));
    if (position === undefined || !instruments.includes(instrument)) {
      const one = `the id of an event of this stream, ${EXAMPLE}`;
      const many = `INSTRUMENT@ENTRY:INDEX for ${instruments.join(', ')}, separated by commas`;
      return { field: 'lastEventId', expected: instruments.length === 1 ? one : many, found: id };
    }
    positions.set(instrument, position);
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
