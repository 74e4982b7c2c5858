import type { BarClock } from './bar-clock.ts';
import { KLINE_INTERVALS } from './kline-bars.ts';

/** How long a bar of the clock is, ms; undefined where that depends on what happens. */
export function barLengthMs(clock: BarClock): number | undefined {
  if (clock.kind === 'time') return clock.intervalMs;
  return clock.kind === 'kline' ? KLINE_INTERVALS[clock.interval] : undefined;
}
