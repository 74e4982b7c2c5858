import { type EntryId, parseEntryId } from '../../streams/id.ts';

/** A place in time that a user gave: a time, and where they named an entry of the log, that entry. */
export interface TimeFlag {
  /** µs since the epoch. */
  readonly timeUs: number;
  readonly entryId: EntryId | undefined;
}

const UNIT_US: Readonly<Record<string, number>> = { s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6, w: 7 * 86_400e6 };
const AGO = /^-(\d+(?:\.\d+)?)(s|m|h|d|w)$/;
const DATE = /^\d{4}-\d{2}-\d{2}(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.(\d{1,9}))?)?)([Zz]|[+-]\d{2}:\d{2})?)?$/;
const ENTRY = /^\d+-\d+(:\d+)?$/;

/**
 * Reads a time flag: RFC 3339 (`2024-08-09T00:00:00Z`; without an offset it is UTC, without a time midnight), an age
 * (`-15m`; s, m, h, d, w), `now`, or an entry id (`1723161255088-0`).
 *
 * @param name of the flag, for errors
 * @param nowUs what ages count from, µs since the epoch
 * @throws where the text is none of them
 */
export function parseTimeFlag(name: string, text: string, nowUs: number): TimeFlag {
  if (text === 'now') return { timeUs: nowUs, entryId: undefined };
  const ago = AGO.exec(text);
  if (ago !== null) {
    const [, count = '', unit = ''] = ago;
    return { timeUs: nowUs - Math.round(Number(count) * UNIT_US[unit]!), entryId: undefined };
  }
  if (ENTRY.test(text)) {
    const entryId = text.replace(/:\d+$/, '');
    return { timeUs: parseEntryId(entryId).ms * 1000, entryId };
  }
  const timeUs = rfc3339Us(text);
  if (timeUs === undefined)
    throw new Error(
      `--${name}: expected a time such as 2024-08-09T00:00:00Z, an age such as -15m, or an entry id such as 1723161255088-0, found "${text}"`,
    );
  return { timeUs, entryId: undefined };
}

function rfc3339Us(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, time, fraction = '', offset = 'Z'] = match;
  const day = text.slice(0, 10);
  const clock = time === undefined ? '00:00:00' : time.slice(0, 8).padEnd(8, ':00');
  const ms = Date.parse(`${day}T${clock}${offset.toUpperCase()}`);
  const isReal = !Number.isNaN(ms) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
  return isReal ? ms * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6)) : undefined;
}

/** µs since the epoch as RFC 3339 text, as precise as needed: `2024-08-08T23:54:15.030314Z`. */
export function formatTime(timeUs: number): string {
  const iso = new Date(Math.floor(timeUs / 1000)).toISOString();
  const micros = ((timeUs % 1000) + 1000) % 1000;
  return micros === 0 ? iso : `${iso.slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}
