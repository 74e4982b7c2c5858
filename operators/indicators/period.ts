/** Above it a window is a mistake: two years of minutes. */
const PERIOD_MAX = 1_000_000;

/** @throws RangeError where a window cannot be of this many inputs */
export function checkPeriod(indicator: string, field: string, period: number, least = 1): void {
  if (Number.isSafeInteger(period) && period >= least && period <= PERIOD_MAX) return;
  throw new RangeError(
    `${indicator}, ${field}: expected a whole number from ${least} to ${PERIOD_MAX}, found ${String(period)}`,
  );
}
