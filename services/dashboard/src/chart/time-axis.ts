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
  options: { readonly from: number; readonly stepS: number; readonly point: (item: T, next: T | undefined) => P },
): (P | EmptyPoint)[] {
  const { from, stepS, point } = options;
  const points: (P | EmptyPoint)[] = [];
  for (let at = from; at < items.length; at++) {
    const item = items[at]!;
    const before = items[at - 1];
    if (before !== undefined && at > from)
      for (const timeS of timesBetween(before.timeS, item.timeS, stepS)) points.push({ time: chartTime(timeS) });
    points.push(point(item, items[at + 1]));
  }
  return points;
}

/** x of any instant, also between, before and behind the points; null without any point. */
export function coordinateOf(chart: IChartApiBase<Time>, timeS: number, stepS: number): number | null {
  const scale = chart.timeScale();
  const index = scale.timeToIndex(chartTime(Math.floor(timeS / stepS) * stepS), true);
  if (index === null) return null;
  const x = scale.logicalToCoordinate(index as unknown as Logical);
  const nextX = scale.logicalToCoordinate((index + 1) as Logical);
  const nearestS = x === null ? null : scale.coordinateToTime(x);
  if (x === null || nextX === null || nearestS === null) return null;
  // The library knows whole indices only. A point stands in the middle of its step.
  return x + ((timeS - Number(nearestS)) / stepS - 0.5) * (nextX - x);
}
