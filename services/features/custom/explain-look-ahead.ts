import type { LookAhead } from './look-ahead.ts';

/** What a look-ahead is, with the first value that shows it. */
export function explainLookAhead(
  { kind, leaks, period }: LookAhead,
  columns: readonly string[],
  times: readonly number[],
): string {
  const first = leaks[0]!;
  const { row, column, ahead, value, valueWithout } = first;
  const at = timeText(times[row]!);
  const until = timeText(times[Math.min(row + ahead, times.length - 1)]!);
  const example = `${columns[column]} at ${at} is ${value}, and ${valueWithout} where what comes after it, up to ${until}, is something else`;
  return `looks ahead: ${meaningOf(kind, ahead, period)}. ${example}.`;
}

function meaningOf(kind: LookAhead['kind'], ahead: number, period: number | null): string {
  switch (kind) {
    case 'next-bar':
      return 'each value depends on the next bar';
    case 'fixed-window':
      return `each value depends on the ${ahead} bars after it, as with a centred window`;
    case 'whole-span':
      return 'each value depends on everything that comes, as where the whole span is used to normalise';
    case 'unclosed-bar':
      return `values depend on bars of ${period} rows that have not closed yet`;
    default:
      return `a value depends on the ${ahead} bars after it`;
  }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
