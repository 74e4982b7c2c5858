/** Why a line, or one event of it, is not taken. */
export interface Fault {
  /** Channel of the event, where it is known. */
  readonly channel?: string | undefined;
  readonly field: string;
  readonly expected: string;
  readonly found: string;
}

/** Takes what a line of a file holds. */
export interface LineSink {
  /**
   * An event of the instrument that is imported.
   * @param timeUs receive time, or in its place the event's own time; NaN where the file has neither
   * @param entryId where the file says in which entry of a log it was
   */
  event(channel: string, payload: Buffer, timeUs: number, entryId?: string): void;
  /** A book snapshot that does not say of which instrument it is. */
  anonymousSnapshot(payload: Buffer, timeUs: number): void;
  /** An event of another instrument. */
  other(instrument: string): void;
  /** An event of a kind that Don does not record. */
  unsupported(kind: string): void;
  refuse(fault: Fault): void;
}

/** Reads one line of a file's format, and calls the sink for each event of it. */
export type LineReader = (line: Buffer, sink: LineSink) => void;

const EXCERPT_CHARACTERS = 60;

/** The text as an error message shows it. */
export function shown(text: string | undefined): string {
  if (text === undefined || text === '') return 'nothing';
  return text.length <= EXCERPT_CHARACTERS ? text : `${text.slice(0, EXCERPT_CHARACTERS)}… (${text.length} characters)`;
}
