import type { IChartApiBase, Logical, Time, UTCTimestamp } from 'lightweight-charts';
import type { Timed } from '../store/series.ts';

/** Empty times that are put in between two items at most; a longer pause is drawn as one break. */
const FILLED_MAX = 600;

/** Times at a step of `stepS` between two items, without them; none where there are too many. */
export function timesBetween(beforeS: number, afterS: number, stepS: number): number[] {
  const count = Math.round((afterS - beforeS) / stepS) - 1;
  if (count < 1 || count > FILLED_MAX) return [];
  return Array.from({ length: count }, (_, at) => beforeS + (at + 1) * stepS);
}

/** A time at which a chart draws nothing. */
export interface EmptyPoint {
  readonly time: UTCTimestamp;
}

export function chartTime(timeS: number): UTCTimestamp {
  return timeS as UTCTimestamp;
}

/** The points of the items at and behind index `from`, with empty points where a time has none: the axis is even. */
export function evenPoints<T extends Timed, P>(
  items: readonly T[],
  options: {
    readonly from: number;
    readonly stepS: number;
    /** Seconds that all is drawn later. */
    readonly laterS?: number;
    readonly point: (item: T, next: T | undefined) => P;
  },
): (P | EmptyPoint)[] {
  const { from, stepS, laterS = 0, point } = options;
  const points: (P | EmptyPoint)[] = [];
  for (let at = from; at < items.length; at++) {
    const item = items[at]!;
    const before = items[at - 1];
    if (before !== undefined && at > from)
      for (const timeS of timesBetween(before.timeS, item.timeS, stepS))
        points.push({ time: chartTime(timeS + laterS) });
    points.push(point(item, items[at + 1]));
  }
  return points;
}

/** Where an instant is on a chart's axis of whole points, each in the middle of its step; null without any point. */
export function logicalOf(chart: IChartApiBase<Time>, timeS: number, stepS: number): number | null {
  const flooredS = Math.floor(timeS / stepS) * stepS;
  const index = chart.timeScale().timeToIndex(chartTime(flooredS), true);
  const nearestS = index === null ? null : timeOfIndex(chart, index);
  if (index === null || nearestS === null) return null;
  // Within a long pause, of which the axis has no points, all is at its end.
  const isInPause = nearestS > flooredS && index > 0;
  return isInPause ? index - 0.5 : index - 0.5 + (timeS - nearestS) / stepS;
}

/** The instant at a place of a chart's axis, also before and behind its points; null without any point. */
export function timeAt(chart: IChartApiBase<Time>, logical: number, stepS: number): number | null {
  const last = chart.timeScale().timeToIndex(chartTime(Number.MAX_SAFE_INTEGER), true);
  if (last === null) return null;
  const index = Math.max(0, Math.min(last, Math.round(logical)));
  const timeS = timeOfIndex(chart, index);
  return timeS === null ? null : timeS + (logical - index + 0.5) * stepS;
}

/** How many points a chart's axis has. */
export function pointCount(chart: IChartApiBase<Time>): number {
  const last = chart.timeScale().timeToIndex(chartTime(Number.MAX_SAFE_INTEGER), true);
  return last === null ? 0 : last + 1;
}

/** The library tells the time of what is drawn only, wherever that may be. */
function timeOfIndex(chart: IChartApiBase<Time>, index: number): number | null {
  const x = chart.timeScale().logicalToCoordinate(index as Logical);
  const time = x === null ? null : chart.timeScale().coordinateToTime(x);
  return time === null ? null : Number(time);
}

/** x of any instant, also between, before and behind the points; null without any point. */
export function coordinateOf(chart: IChartApiBase<Time>, timeS: number, stepS: number): number | null {
  const scale = chart.timeScale();
  const logical = logicalOf(chart, timeS, stepS);
  if (logical === null) return null;
  // The library knows whole indices only.
  const whole = Math.floor(logical);
  const x = scale.logicalToCoordinate(whole as Logical);
  const nextX = scale.logicalToCoordinate((whole + 1) as Logical);
  return x === null || nextX === null ? null : x + (logical - whole) * (nextX - x);
}
