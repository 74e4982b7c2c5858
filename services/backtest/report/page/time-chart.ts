import type { InvalidSpan } from '../../backtest-result.ts';
import { duration, utc } from '../numbers.ts';
import { edge, numberTicks, timeTicks } from './axis.ts';
import { type Html, html } from './html.ts';
import { thin } from './thin.ts';

/** What all charts of a page share: their time, and where it cannot be trusted. */
export interface TimeFrame {
  readonly fromMs: number;
  readonly toMs: number;
  readonly invalid: readonly InvalidSpan[];
}

export interface Line {
  readonly timesMs: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** Class of its colour. */
  readonly colour: 'main' | 'other' | 'loss';
  /** It holds until the next sample, as a position does, and does not go straight to it. */
  readonly isStep?: boolean;
  /** Filled down to this value. */
  readonly filledTo?: number;
}

export interface Marker {
  readonly timeMs: number;
  readonly value: number;
  /** Id of its symbol. */
  readonly symbol: string;
}

export interface TimeChart {
  readonly frame: TimeFrame;
  readonly title: string;
  /** Of the values, after the title. */
  readonly unit: string;
  /** What it shows, for those who do not see it. */
  readonly says: string;
  readonly height: number;
  readonly lines: readonly Line[];
  readonly markers?: readonly Marker[];
  /** Values that are always in sight, such as 0. */
  readonly includes?: readonly number[];
  readonly hasTimes: boolean;
}

/** Twice as many points at most: more than a screen has, less than would make a page slow. */
const BUCKETS = 600;
/** Places across, in which a path is drawn before it is stretched. */
const ACROSS = 2_000;
const TIMES_HEIGHT = 22;
const SPANS_MAX = 400;

/** A chart over time, as wide as the page: what is in per cent goes with the width, text and strokes keep their size. */
export function timeChart(chart: TimeChart): Html {
  const { frame, title, unit, says, height, lines, markers = [], hasTimes } = chart;
  const drawn = lines.map((line) => ({
    line,
    places: thin(line.timesMs, line.values, { ...frame, buckets: BUCKETS }),
  }));
  const values = drawn.flatMap(({ line, places }) => places.map((n) => line.values[n]!));
  const { y, ticks } = verticalScale(
    [...values, ...markers.map(({ value }) => value), ...(chart.includes ?? [])],
    height,
  );
  const share = (timeMs: number) => (timeMs - frame.fromMs) / (frame.toMs - frame.fromMs || 1);
  const left = (timeMs: number) => `${(share(timeMs) * 100).toFixed(2)}%`;
  const paths = drawn.map(({ line, places }) =>
    linePath(line, places, (timeMs) => (share(timeMs) * ACROSS).toFixed(0), y, height),
  );
  const total = height + (hasTimes ? TIMES_HEIGHT : 0);
  const times = timeTicks(frame.fromMs, frame.toMs);
  return html`<div class="chart" role="img" aria-label="${title}: ${says}">
<p class="name"><b>${title}</b> ${unit}</p>
<svg class="scale" height="${total}" aria-hidden="true">${ticks.map(
    ({ value, label }) => html`<text x="100%" y="${(y(value) + 4).toFixed(1)}">${label}</text>`,
  )}</svg>
<svg class="plot" height="${total}" data-plot="${height}" aria-hidden="true">
<g class="grid">${ticks.map(({ value }) => html`<line x2="100%" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/>`)}${times.map(
    ({ value }) => html`<line x1="${left(value)}" x2="${left(value)}" y2="${height}"/>`,
  )}</g>
${shades(frame, height)}
<svg viewBox="0 0 ${ACROSS} ${height}" width="100%" height="${height}" preserveAspectRatio="none">${paths}</svg>
${markers.map(({ timeMs, value, symbol }) => html`<use href="#${symbol}" x="${left(timeMs)}" y="${y(value).toFixed(1)}"/>`)}
${hasTimes && times.map(({ value, label }, n) => html`<text class="time${n % 2 === 1 && ' odd'}${edge(share(value))}" x="${left(value)}" y="${height + 16}">${label}</text>`)}
</svg>
</div>`;
}

function verticalScale(values: readonly number[], height: number) {
  const finite = values.filter(Number.isFinite);
  let least = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  let greatest = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (finite.length === 0) [least, greatest] = [0, 1];
  if (least === greatest) {
    const around = Math.abs(least) * 0.01 || 1;
    [least, greatest] = [least - around, greatest + around];
  }
  const [top, bottom] = [6, height - 6];
  const y = (value: number): number => top + ((greatest - value) / (greatest - least)) * (bottom - top);
  return { y, ticks: numberTicks(least, greatest, Math.max(3, Math.round(height / 45))) };
}

function linePath(
  line: Line,
  places: readonly number[],
  x: (timeMs: number) => string,
  y: (value: number) => number,
  height: number,
): Html {
  if (places.length === 0) return html``;
  let path = '';
  for (const [n, place] of places.entries()) {
    const [across, down] = [x(line.timesMs[place]!), y(line.values[place]!).toFixed(1)];
    path += n === 0 ? `M${across} ${down}` : line.isStep ? `H${across}V${down}` : `L${across} ${down}`;
  }
  const stroke = html`<path class="line ${line.colour}" d="${path}"/>`;
  if (line.filledTo === undefined) return stroke;
  const base = Math.max(0, Math.min(height, y(line.filledTo))).toFixed(1);
  const [first, last] = [x(line.timesMs[places[0]!]!), x(line.timesMs[places.at(-1)!]!)];
  return html`<path class="area ${line.colour}" d="${path}L${last} ${base}L${first} ${base}Z"/>${stroke}`;
}

/** Where the market could not be trusted; the longest ones, where they are many. */
function shades({ invalid, fromMs, toMs }: TimeFrame, height: number): Html[] {
  const least = [...invalid].sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[SPANS_MAX];
  const leastMs = least === undefined ? -1 : least.toMs - least.fromMs;
  const spanMs = toMs - fromMs || 1;
  return invalid
    .filter((span) => span.toMs - span.fromMs > leastMs)
    .map((span) => {
      // Wide enough to be seen.
      const width = Math.max(0.25, ((span.toMs - span.fromMs) / spanMs) * 100);
      const x = Math.min(100 - width, ((span.fromMs - fromMs) / spanMs) * 100);
      return html`<rect class="invalid" x="${x.toFixed(2)}%" width="${width.toFixed(2)}%" height="${height}"><title>${span.reason}: ${utc(span.fromMs)}, ${duration(span.toMs - span.fromMs)}</title></rect>`;
    });
}
