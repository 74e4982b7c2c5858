import { VARIANTS } from './checked-market.ts';

/** What is known of a series of values when what comes after a row is something else. */
export interface Subject {
  /** Rows, and when each is known, ms since the epoch. */
  readonly times: readonly number[];
  /** Values by row with the future as it was. */
  readonly values: Values;
  /**
   * Values where everything from row `cut` on is another future (`variant` > 0), or has not come (0). Rows from `cut` on
   * may be missing.
   */
  readonly valuesWithout: (cut: number, variant: number) => Promise<Values>;
}

type Values = readonly (readonly (number | null)[])[];

/** A value that depends on what came after it. */
export interface Leak {
  readonly row: number;
  readonly column: number;
  /** Rows ahead up to which it depends on what comes. */
  readonly ahead: number;
  readonly value: number | null;
  readonly valueWithout: number | null;
}

export interface LookAhead {
  readonly leaks: readonly Leak[];
  readonly kind: 'none' | 'next-bar' | 'fixed-window' | 'whole-span' | 'unclosed-bar' | 'future';
  /** Of bars that had not closed: how many rows they are long. */
  readonly period: number | null;
}

/** Which rows are looked at. */
export interface Looked {
  /** As parts of the span. */
  readonly places: readonly number[];
  /** Neighbouring ones from each place on, so that what hangs on a coarser bar shows its rhythm. */
  readonly rowsAPlace: number;
}
const LOOKED: Looked = { places: [0.1, 0.35, 0.55, 0.75], rowsAPlace: 16 };

/** Recomputes some rows with the future cut off and with others, and finds how far ahead those reach that change. */
export async function findLookAhead(subject: Subject, { places, rowsAPlace } = LOOKED): Promise<LookAhead> {
  const count = subject.times.length;
  const leaks: Leak[] = [];
  const looked: number[] = [];
  for (const place of places)
    for (let row = Math.floor(count * place); row < Math.min(count, Math.floor(count * place) + rowsAPlace); row++) {
      looked.push(row);
      const leak = await leakOf(subject, row);
      if (leak !== undefined) leaks.push(leak);
    }
  return { leaks, ...classify(leaks, looked, count) };
}

async function leakOf(subject: Subject, row: number): Promise<Leak | undefined> {
  const first = await differenceAt(subject, row, row + 1);
  if (first === undefined) return undefined;
  let [low, high] = [row + 1, subject.times.length];
  // With a cut at `low` it differs; with one at `high`, behind everything, it does not.
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((await differenceAt(subject, row, middle)) === undefined) high = middle;
    else low = middle;
  }
  return { row, ...first, ahead: high - 1 - row };
}

async function differenceAt(
  subject: Subject,
  row: number,
  cut: number,
): Promise<Omit<Leak, 'row' | 'ahead'> | undefined> {
  const expected = subject.values[row]!;
  for (let variant = 0; variant < VARIANTS; variant++) {
    const found = (await subject.valuesWithout(cut, variant))[row] ?? [];
    for (const [column, value] of expected.entries()) {
      const valueWithout = found[column] ?? null;
      if (!Object.is(value, valueWithout)) return { column, value, valueWithout };
    }
  }
  return undefined;
}

function classify(
  leaks: readonly Leak[],
  looked: readonly number[],
  count: number,
): Pick<LookAhead, 'kind' | 'period'> {
  if (leaks.length === 0) return { kind: 'none', period: null };
  const ends = new Set(leaks.map(({ row, ahead }) => Math.min(row + ahead, count - 2)));
  // A maximum of all ends where it lies, a mean of all at the end.
  if (ends.size === 1 && (leaks.length > 1 || ends.has(count - 2))) return { kind: 'whole-span', period: null };
  const distances = new Set(leaks.map(({ ahead }) => ahead));
  if (distances.size === 1 && leaks.length > looked.length / 2) {
    const [ahead] = distances;
    return { kind: ahead === 1 ? 'next-bar' : 'fixed-window', period: null };
  }
  const period = rhythmOf(leaks, looked);
  return period === null ? { kind: 'future', period } : { kind: 'unclosed-bar', period };
}

/** The length of the coarser bars at whose end all that is looked ahead at comes to an end. */
function rhythmOf(leaks: readonly Leak[], looked: readonly number[]): number | null {
  const ends = new Map(leaks.map(({ row, ahead }) => [row, row + ahead]));
  const lastRows = looked.filter((row) => !ends.has(row));
  const period = Math.max(...leaks.map(({ ahead }) => ahead)) + 1;
  if (period < 2) return null;
  const phases = new Set([...ends.values(), ...lastRows].map((row) => row % period));
  return phases.size === 1 ? period : null;
}
