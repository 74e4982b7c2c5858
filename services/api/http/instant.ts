import { parseEntryId, parseEventId } from '../../../streams/id.ts';

/** A moment as users write it. */
export interface Instant {
  /** µs since the epoch; of an entry id, the time in it. */
  readonly timeUs: number;
  /** Where the moment was given as the id of an entry. */
  readonly entryId?: string;
}

export const EXPECTED_INSTANT =
  'an RFC 3339 time such as 2026-11-25T12:00:00Z, a span before now such as -15m, or an entry id such as 1723161255088-0';

const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const SPAN = /^-(\d{1,9})(ms|s|m|h|d)$/;
const MS_A_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads an RFC 3339 time (a date alone is its start in UTC), a span before `nowMs`, or the id of an entry or event.
 * @throws where the text is none of them
 */
export function parseInstant(text: string, nowMs: number): Instant {
  const span = SPAN.exec(text);
  if (span !== null)
    return checked(text, { timeUs: Math.round((nowMs - Number(span[1]) * MS_A_UNIT[span[2]!]!) * 1_000) });
  if (DATE.test(text)) return checked(text, { timeUs: Date.parse(`${text}T00:00:00Z`) * 1_000 });
  const time = RFC_3339.exec(text);
  if (time !== null) return checked(text, { timeUs: rfc3339Us(time) });
  const entryId = text.includes(':') ? parseEventId(text).entryId : text;
  return checked(text, { timeUs: parseEntryId(entryId).ms * 1_000, entryId });
}

/** A Date has no µs: the digits after the point are added apart. */
function rfc3339Us([, date, clock, fraction = '', zone]: RegExpExecArray): number {
  const wholeMs = Date.parse(`${date}T${clock}${zone!.toUpperCase()}`);
  // Date.parse takes the 31st of February for a day in March.
  const isDay = new Date(`${date}T00:00:00Z`).toISOString().startsWith(date!);
  return isDay ? wholeMs * 1_000 + Number(fraction.padEnd(6, '0').slice(0, 6)) : Number.NaN;
}

function checked(text: string, instant: Instant): Instant {
  if (!Number.isSafeInteger(instant.timeUs) || instant.timeUs < 0)
    throw new Error(`time: expected ${EXPECTED_INSTANT}, found "${text}"`);
  return instant;
}
