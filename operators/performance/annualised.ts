/** A year of a market that never closes: 365 days, in ms. */
export const YEAR_MS = 365 * 86_400_000;

/**
 * Compounded return a year, as a share: (1 + R)^(year / span) − 1. −1 where all was lost; `null` where the span is empty
 * or the figure has no size (a great gain in a few seconds).
 * @param totalReturn as a share of the start
 */
export function annualisedReturn(totalReturn: number, spanMs: number): number | null {
  if (!(spanMs > 0)) return null;
  if (totalReturn <= -1) return -1;
  const annual = (1 + totalReturn) ** (YEAR_MS / spanMs) - 1;
  return Number.isFinite(annual) ? annual : null;
}

/** How many periods a year has. */
export function periodsPerYear(periodMs: number): number {
  return YEAR_MS / periodMs;
}
