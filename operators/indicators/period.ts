/** Above it a window is a mistake: two years of minutes. */
const PERIOD_MAX = 1_000_000;

/** @throws RangeError where a window cannot be of this many inputs */
export function checkPeriod(indicator: string, field: string, period: number, least = 1): void {
  if (Number.isSafeInteger(period) && period >= least && period <= PERIOD_MAX) return;
  throw new RangeError(
    `${indicator}, ${field}: expected a whole number from ${least} to ${PERIOD_MAX}, found ${String(period)}`,
  );
}

/** @throws RangeError where a factor or a share is not a number above 0 */
export function checkPositive(indicator: string, field: string, value: number): void {
  if (value > 0 && Number.isFinite(value)) return;
  throw new RangeError(`${indicator}, ${field}: expected a number above 0, found ${String(value)}`);
}

/** @throws RangeError where a shorter window is not the shorter one */
export function checkShorter(indicator: string, field: string, period: number, longer: string, than: number): void {
  if (period < than) return;
  throw new RangeError(`${indicator}, ${field}: expected less than ${longer}, ${than}, found ${period}`);
}
