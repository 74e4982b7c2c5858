import type { Point } from '../chart/polyline.ts';
import type { RunUpdate } from './run-updates.ts';

/** More than a chart is wide in pixels would not be seen. */
const POINTS_MAX = 800;
/** Part of a curve that is averaged to either side of a point: 2 % are one average. */
const SMOOTHED_PART = 0.01;

/** A metric of one seed over its steps, in few enough points to be drawn. */
export interface Curve {
  readonly seed: number;
  /** As it was measured; a bundle of updates shows its lowest and highest. */
  readonly measured: readonly Point[];
  /** Averaged over the updates around each. */
  readonly smooth: readonly Point[];
}

/** Updates in which the metric has no value have no point. */
export function curveOf(seed: number, updates: readonly RunUpdate[], metric: string): Curve {
  const points = updates.flatMap(({ step, metrics }) => {
    const value = metrics[metric];
    return typeof value === 'number' && Number.isFinite(value) ? [{ x: step, y: value }] : [];
  });
  const smooth = smoothed(points, Math.floor(points.length * SMOOTHED_PART));
  return { seed, measured: thinned(points, POINTS_MAX), smooth: thinned(smooth, POINTS_MAX) };
}

/** Each point as the mean of itself and up to `reach` points to either side, as far as there are any. */
export function smoothed(points: readonly Point[], reach: number): readonly Point[] {
  if (reach === 0) return points;
  const sums = new Float64Array(points.length + 1);
  for (const [n, { y }] of points.entries()) sums[n + 1] = sums[n]! + y;
  return points.map(({ x }, n) => {
    const from = Math.max(0, n - reach);
    const to = Math.min(points.length, n + reach + 1);
    return { x, y: (sums[to]! - sums[from]!) / (to - from) };
  });
}

/** At most `limit` points (an even number above 2): both ends, and of each bundle between them the lowest and the highest. */
export function thinned(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit) return points;
  const bundles = limit / 2 - 1;
  const kept = [points[0]!];
  const inner = points.length - 2;
  for (let n = 0; n < bundles; n++) {
    const from = 1 + Math.floor((n * inner) / bundles);
    const to = 1 + Math.floor(((n + 1) * inner) / bundles);
    let [low, high] = [from, from];
    for (let at = from + 1; at < to; at++) {
      if (points[at]!.y < points[low]!.y) low = at;
      if (points[at]!.y > points[high]!.y) high = at;
    }
    kept.push(points[Math.min(low, high)]!);
    if (low !== high) kept.push(points[Math.max(low, high)]!);
  }
  return [...kept, points.at(-1)!];
}

/** The last point that is not behind `x`; undefined: they begin later. */
export function pointAt(points: readonly Point[], x: number): Point | undefined {
  return points.findLast((point) => point.x <= x);
}
