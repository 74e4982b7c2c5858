import { extentOf, polyline as polylineOf } from '../chart/polyline.ts';
import type { TradingAccount } from './trading.ts';

export interface EquityPoint {
  readonly timeMs: number;
  readonly equity: number;
}

/** Equity of one session since the page was opened, oldest first. */
export interface EquityLine {
  readonly session: string;
  readonly points: readonly EquityPoint[];
}

/** By the account's name. */
export type EquityLines = ReadonlyMap<string, EquityLine>;

/** A point a second fills it in ten minutes; from then on every second one of the older goes. */
const POINTS_MAX = 600;

/** Takes in how the accounts stand. Another session is another line; what a silent trader said last is no new point. */
export function withEquity(lines: EquityLines, accounts: readonly TradingAccount[]): EquityLines {
  const next = new Map<string, EquityLine>();
  for (const { account, timeMs, session } of accounts) {
    if (session === null) continue;
    const before = lines.get(account);
    const points = before?.session === session.id ? before.points : [];
    const isNew = timeMs > (points.at(-1)?.timeMs ?? Number.NEGATIVE_INFINITY);
    const all = isNew ? [...points, { timeMs, equity: session.equity }] : points;
    next.set(account, { session: session.id, points: all.length > POINTS_MAX ? thinned(all) : all });
  }
  return next;
}

/** Every second point, and the last. */
function thinned(points: readonly EquityPoint[]): readonly EquityPoint[] {
  return points.filter((_, at) => at % 2 === 0 || at === points.length - 1);
}

/** The line from corner to corner of a box, as points of an SVG polyline; y grows downwards. `''`: fewer than two points. */
export function polyline(points: readonly EquityPoint[], width: number, height: number): string {
  if (points.length < 2) return '';
  const drawn = points.map(({ timeMs, equity }) => ({ x: timeMs, y: equity }));
  return polylineOf(drawn, extentOf(drawn)!, width, height);
}

export function rangeOf(points: readonly EquityPoint[]): { readonly lowest: number; readonly highest: number } {
  const equities = points.map(({ equity }) => equity);
  return { lowest: Math.min(...equities), highest: Math.max(...equities) };
}
