import type { BacktestFill, BacktestResult } from '../../backtest-result.ts';
import type { BacktestReport } from '../backtest-report.ts';
import type { CurveSamples } from '../curve-samples.ts';
import { mergedSpans } from '../invalid-time.ts';
import { amount, decimal, exact, percent, utc } from '../numbers.ts';
import { type Html, html } from './html.ts';
import { lastOfEach } from './thin.ts';
import { type Line, type Marker, type TimeFrame, timeChart } from './time-chart.ts';

/** Read under the pointer: about one a pixel of a narrow page. */
const READ = 500;
/** Holding is drawn beside the equity where it does not make it a flat line. */
const HELD_RANGE_MAX = 4;

/** Equity, drawdown, price with the trades, and position, one above the other over one time. */
export function runCharts(report: BacktestReport, result: BacktestResult, samples: CurveSamples): Html {
  const { timesMs, equity, position, price } = samples;
  const frame: TimeFrame = {
    fromMs: timesMs[0]!,
    toMs: Math.max(result.toMs, timesMs[0]! + 1),
    invalid: mergedSpans(result),
  };
  const drawdown = underWater(equity);
  const held = heldLine(equity, price, timesMs);
  const { markers, drawn } = tradeMarkers(result.fills, frame);
  const { equity: figures, drawdown: fallen, exposure, quoteAsset, baseAsset } = report;
  const deepest = fallen.deepest;
  return html`<section class="run" aria-labelledby="run"><h2 id="run">The run</h2>
<p class="reading" id="reading" aria-live="off">${utc(result.toMs)} · equity ${amount(figures.final)} ${quoteAsset}</p>
${timeChart({
  frame,
  title: 'Equity',
  unit: quoteAsset,
  says: `Equity from ${amount(figures.initial)} to ${amount(figures.final)} ${quoteAsset}.`,
  height: 220,
  lines: [...(held === undefined ? [] : [held]), { timesMs, values: equity, colour: 'main' }],
  hasTimes: false,
})}
${held !== undefined && html`<p class="key"><span class="main">equity</span> <span class="other">the same balance in ${baseAsset}</span></p>`}
${timeChart({
  frame,
  title: 'Drawdown',
  unit: '%',
  says:
    deepest === null
      ? 'No drawdown.'
      : `Greatest drawdown ${percent(deepest.share)}, lowest at ${utc(deepest.troughMs)}.`,
  height: 100,
  lines: [{ timesMs, values: drawdown, colour: 'loss', filledTo: 0 }],
  includes: [0],
  hasTimes: true,
})}
${timeChart({
  frame,
  title: 'Price and fills',
  unit: quoteAsset,
  says: `Price from ${exact(price.find(Number.isFinite))} to ${exact(price.at(-1))} ${quoteAsset}, with ${decimal(result.fills.length, 0)} fills.`,
  height: 220,
  lines: [{ timesMs, values: price, colour: 'other' }],
  markers,
  hasTimes: false,
})}
<p class="key"><svg width="12" height="12" aria-hidden="true"><use href="#buy" x="6" y="3"/></svg> bought <svg width="12" height="12" aria-hidden="true"><use href="#sell" x="6" y="11"/></svg> sold${drawn < result.fills.length && `; ${decimal(drawn, 0)} of ${decimal(result.fills.length, 0)} fills are drawn`}</p>
${timeChart({
  frame,
  title: 'Position',
  unit: baseAsset,
  says:
    exposure === null
      ? 'No position.'
      : `Position, at most ${exact(exposure.maxPosition)} ${baseAsset}; long ${percent(exposure.long, 1)} of the time, short ${percent(exposure.short, 1)}.`,
  height: 100,
  lines: [{ timesMs, values: position, colour: 'main', isStep: true, filledTo: 0 }],
  includes: [0],
  hasTimes: true,
})}
${frame.invalid.length > 0 && html`<p class="key"><svg width="14" height="12" aria-hidden="true"><rect class="invalid" width="14" height="12"/></svg> no trustworthy market: a gap of the recording, or an invalid book</p>`}
</section>`;
}

/** What the pointer reads on the charts, as the page's script takes it. */
export function readings({ toMs, baseAsset, quoteAsset }: BacktestResult, samples: CurveSamples): object {
  const { timesMs, equity, position, price } = samples;
  const fallen = underWater(equity);
  const places = lastOfEach(timesMs, { fromMs: timesMs[0]!, toMs: Math.max(toMs, timesMs[0]! + 1), buckets: READ });
  const frame = { from: timesMs[0], to: Math.max(toMs, timesMs[0]! + 1) };
  const rows = places.map((n) => [
    timesMs[n],
    utc(timesMs[n]!),
    `equity ${amount(equity[n])} ${quoteAsset}`,
    `drawdown ${percent(-fallen[n]! / 100)}`,
    `position ${exact(position[n])} ${baseAsset}`,
    `price ${exact(price[n])}`,
  ]);
  return { ...frame, rows };
}

/** Below the highest equity so far, in per cent. */
function underWater(equity: Float64Array): Float64Array {
  let peak = equity[0]!;
  return equity.map((value) => {
    peak = Math.max(peak, value);
    return peak > 0 ? (value / peak - 1) * 100 : 0;
  });
}

function heldLine(equity: Float64Array, price: Float64Array, timesMs: Float64Array): Line | undefined {
  const first = price.find(Number.isFinite);
  if (first === undefined || first <= 0) return undefined;
  const values = price.map((value) => (equity[0]! * value) / first);
  const range = (list: Float64Array): number => {
    const known = list.filter(Number.isFinite);
    return known.reduce((a, b) => Math.max(a, b)) - known.reduce((a, b) => Math.min(a, b));
  };
  return range(values) <= HELD_RANGE_MAX * range(equity) ? { timesMs, values, colour: 'other' } : undefined;
}

const COLUMNS = 200;

/** Of each side the greatest fill in each of 200 columns. */
function tradeMarkers(fills: readonly BacktestFill[], { fromMs, toMs }: TimeFrame) {
  const greatest = new Map<string, BacktestFill>();
  for (const fill of fills) {
    const column = Math.floor(((fill.timeMs - fromMs) / (toMs - fromMs)) * COLUMNS);
    const key = `${column} ${fill.side}`;
    const before = greatest.get(key);
    if (before === undefined || fill.qty > before.qty) greatest.set(key, fill);
  }
  const markers = [...greatest.values()].map(
    ({ timeMs, price, side }): Marker => ({ timeMs, value: price, symbol: side }),
  );
  return { markers, drawn: markers.length };
}
