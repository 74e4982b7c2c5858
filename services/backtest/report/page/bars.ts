import type { Interval } from '../../../../operators/performance/interval.ts';
import { quantile } from '../../../../operators/performance/interval.ts';
import { amount, decimal } from '../numbers.ts';
import { edge, numberTicks } from './axis.ts';
import { type Html, html } from './html.ts';

const inPercent = (share: number): string => `${(share * 100).toFixed(2)}%`;

/** A bar from `from` to `to` on the scale of all of a table's bars, with a line at 0. */
export function scaledBar(from: number, to: number, least: number, greatest: number, isCount = false): Html {
  const place = (value: number) => (value - least) / (greatest - least || 1);
  const [low, high] = [place(Math.min(from, to)), place(Math.max(from, to))];
  const colour = isCount ? 'even' : to >= from ? 'gain' : 'fall';
  return html`<svg class="bar" height="16" aria-hidden="true"><rect class="${colour}" x="${inPercent(low)}" width="${inPercent(Math.max(0.004, high - low))}" y="2" height="12"/><line class="zero" x1="${inPercent(place(0))}" x2="${inPercent(place(0))}" y2="16"/></svg>`;
}

/** An interval with the figure itself and 0, on a scale of its own; green and red where a gain is above 0 or below. */
export function intervalBar({ low, high }: Interval, value: number | null, isGain: boolean): Html {
  const points = [low, high, 0, ...(value === null ? [] : [value])];
  const [least, greatest] = [Math.min(...points), Math.max(...points)];
  const margin = (greatest - least) * 0.05 || 1;
  const place = (at: number) => inPercent((at - least + margin) / (greatest - least + 2 * margin));
  const side = isGain && low > 0 ? 'gain' : isGain && high < 0 ? 'fall' : 'even';
  return html`<svg class="bar" height="16" aria-hidden="true"><line class="zero" x1="${place(0)}" x2="${place(0)}" y2="16"/><line class="interval ${side}" x1="${place(low)}" x2="${place(high)}" y1="8" y2="8"/>${
    value !== null && html`<circle class="${side}" cx="${place(value)}" cy="8" r="4"/>`
  }</svg>`;
}

const BINS = 40;
const HEIGHT = 160;

/** How many trades had which result; what is beyond the middle 98 % stands in the first and the last column. */
export function histogram(values: readonly number[], unit: string): Html {
  const sorted = Float64Array.from(values).sort();
  const [low, high] = [Math.min(0, quantile(sorted, 0.01)), Math.max(0, quantile(sorted, 0.99))];
  const width = (high - low) / BINS || 1;
  // Columns end at 0, so that none holds both gains and losses.
  const first = Math.floor(low / width + 1e-9);
  const counts = new Array<number>(Math.ceil(high / width - 1e-9) - first || 1).fill(0);
  for (const value of values) {
    const bin = value < 0 ? Math.ceil(value / width - 1e-9) - 1 : Math.floor(value / width + 1e-9);
    counts[Math.max(0, Math.min(counts.length - 1, bin - first))]!++;
  }
  const most = counts.reduce((a, b) => Math.max(a, b));
  const end = first + counts.length;
  const place = (value: number) => (value / width - first) / counts.length;
  const bars = counts.map((count, n) => {
    const height = (count / most) * (HEIGHT - 20);
    const colour = first + n < 0 ? 'fall' : 'gain';
    return (
      count > 0 &&
      html`<rect class="${colour}" x="${inPercent(n / counts.length)}" width="${inPercent(0.9 / counts.length)}" y="${(HEIGHT - height).toFixed(1)}" height="${height.toFixed(1)}"><title>${amount((first + n) * width)} to ${amount((first + n + 1) * width)} ${unit}: ${decimal(count, 0)}</title></rect>`
    );
  });
  const ticks = numberTicks(first * width, end * width, 6);
  const zero = ticks.findIndex(({ value }) => value === 0);
  return html`<svg class="histogram" height="${HEIGHT + 22}" role="img" aria-label="Results of ${decimal(values.length, 0)} trades, from ${amount(sorted[0])} to ${amount(sorted.at(-1))} ${unit}">
<line class="zero" x1="0" x2="100%" y1="${HEIGHT}" y2="${HEIGHT}"/>${bars}${ticks.map(
    ({ value, label }, n) =>
      html`<text class="time${(n - zero) % 2 !== 0 && ' odd'}${edge(place(value))}" x="${inPercent(place(value))}" y="${HEIGHT + 16}">${label}</text>`,
  )}</svg>`;
}
