import { periodReturns } from '../../../operators/performance/period-returns.ts';
import type { CalendarReturn, CalendarReturns } from './backtest-report.ts';
import type { CurveSamples } from './curve-samples.ts';

const DAY_MS = 86_400_000;
/** From so many days on, months say more. */
const DAYS_MAX = 62;

/** Returns of days of UTC, or of months where the run is longer than two; none where it is within one day. */
export function calendarReturns({ timesMs, equity }: CurveSamples, fromMs: number, toMs: number): CalendarReturns {
  const { endsMs, values } = periodReturns({ timesMs, values: equity }, { periodMs: DAY_MS, fromMs, toMs });
  const unit = endsMs.length > DAYS_MAX ? 'month' : 'day';
  if (endsMs.length < 2) return { unit, returns: [] };
  const returns: CalendarReturn[] = [];
  let before = equity[0]!;
  for (const [n, endMs] of endsMs.entries()) {
    const name = nameOf(endMs - DAY_MS, unit);
    const isLast = n === endsMs.length - 1 || nameOf(endMs, unit) !== name;
    if (!isLast) continue;
    const startMs = Date.parse(unit === 'month' ? `${name}-01` : name);
    returns.push({ name, return: values[n]! / before - 1, isPartial: startMs < fromMs || nextOf(name, unit) > toMs });
    before = values[n]!;
  }
  return { unit, returns };
}

function nameOf(timeMs: number, unit: CalendarReturns['unit']): string {
  return new Date(timeMs).toISOString().slice(0, unit === 'month' ? 7 : 10);
}

function nextOf(name: string, unit: CalendarReturns['unit']): number {
  if (unit === 'day') return Date.parse(name) + DAY_MS;
  const [year, month] = name.split('-').map(Number);
  return Date.UTC(year!, month!);
}
