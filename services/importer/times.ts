/** Unit of a time since the epoch, as recorders and archives write them. */
export type TimeUnit = 's' | 'ms' | 'us' | 'ns';

/** 2008 and 2100: a number is a time in the unit that puts it between them. */
const SECONDS_MIN = 1.2e9;
const SECONDS_MAX = 4.1e9;

const PER_SECOND: Readonly<Record<TimeUnit, number>> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 };

const TIME = /^\d{9,19}(\.\d+)?$/;

/** The unit in which the text is a time between 2008 and 2100; undefined where there is none. */
export function timeUnitOf(text: string): TimeUnit | undefined {
  if (!TIME.test(text)) return undefined;
  const value = Number(text);
  return (Object.keys(PER_SECOND) as TimeUnit[]).find((unit) => {
    const seconds = value / PER_SECOND[unit];
    return seconds >= SECONDS_MIN && seconds <= SECONDS_MAX;
  });
}

/** Time text → whole µs since the epoch, exactly (parts of a µs are cut off); NaN where it is no time in this unit. */
export function microsOf(text: string, unit: TimeUnit): number {
  if (!TIME.test(text)) return Number.NaN;
  const point = text.indexOf('.');
  const whole = point < 0 ? text : text.slice(0, point);
  const seconds = Number(whole) / PER_SECOND[unit];
  if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) return Number.NaN;
  if (unit === 'ns') return Number(whole.slice(0, -3));
  const places = unit === 's' ? 6 : unit === 'ms' ? 3 : 0;
  const fraction = point < 0 ? '' : text.slice(point + 1, point + 1 + places);
  return Number(whole + fraction.padEnd(places, '0'));
}

/** The unit that most of the texts are times in; undefined where none is. */
export function commonTimeUnit(texts: Iterable<string>): TimeUnit | undefined {
  const counts = new Map<TimeUnit, number>();
  for (const text of texts) {
    const unit = timeUnitOf(text);
    if (unit !== undefined) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  }
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}
