/** When decisions are due: at multiples of a time since the epoch, or each so many events of the book and trades. */
export type DecisionClock = { readonly everyMs: number } | { readonly everyEvents: number };

/** @throws RangeError for one that cannot be */
export function checkClock(clock: DecisionClock): void {
  if ('everyMs' in clock) {
    if (!(clock.everyMs > 0)) throw new RangeError(`clock, everyMs: expected a number above 0, found ${clock.everyMs}`);
  } else if (!(clock.everyEvents > 0 && Number.isInteger(clock.everyEvents)))
    throw new RangeError(`clock, everyEvents: expected a whole number above 0, found ${clock.everyEvents}`);
}
