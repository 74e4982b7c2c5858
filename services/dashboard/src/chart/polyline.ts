export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What is drawn from edge to edge of a box. */
export interface Extent {
  readonly left: number;
  readonly right: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The least extent that holds all points; null: there are none. */
export function extentOf(points: readonly Point[]): Extent | null {
  const [first] = points;
  if (first === undefined) return null;
  let [left, right, lowest, highest] = [first.x, first.x, first.y, first.y];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    lowest = Math.min(lowest, y);
    highest = Math.max(highest, y);
  }
  return { left, right, lowest, highest };
}

/** A line as points of an SVG polyline in a box `width` wide and `height` high; y grows downwards. */
export function polyline(points: readonly Point[], extent: Extent, width: number, height: number): string {
  return points
    .map(({ x, y }) => `${round(acrossOf(x, extent) * width)},${round((1 - upOf(y, extent)) * height)}`)
    .join(' ');
}

/** From 0 at the left edge to 1 at the right one. */
export function acrossOf(x: number, { left, right }: Extent): number {
  return right === left ? 0 : (x - left) / (right - left);
}

/** From 0 at the lower edge to 1 at the upper one. A line that has not moved lies in the middle. */
export function upOf(y: number, { lowest, highest }: Extent): number {
  return highest === lowest ? 0.5 : (y - lowest) / (highest - lowest);
}

/** Round values within a range, about `count` of them: 1, 2 or 5 times a power of ten apart. */
export function ticksOf(from: number, to: number, count: number): readonly number[] {
  if (!(to > from)) return [from];
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough)!;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  // The product with a whole number has fewer digits of rounding than a sum.
  return Array.from({ length: last - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
