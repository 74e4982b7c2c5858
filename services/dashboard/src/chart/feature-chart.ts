import { createChart } from 'lightweight-charts';
import { chartOptions, tickMarkFormatter } from './chart-options.ts';
import { drawSource } from './drawn-source.ts';
import { type LineSource, paneWeight } from './line-source.ts';
import type { Palette } from './palette.ts';
import { createPaneLegend } from './pane-legend.ts';
import { createSpanShade, type ShadedSpan, type SpanShade } from './span-shade.ts';

export interface FeatureChart {
  /** Draws what has changed of the values. */
  drawSamples(): void;
  drawSpans(spans: readonly ShadedSpan[]): void;
  applyPalette(palette: Palette): void;
  /** The wheel zooms; else it is left to the page, which may have to be scrolled. */
  zoomByWheel(isOn: boolean): void;
  pan(steps: number): void;
  zoom(factor: number): void;
  showLatest(): void;
  remove(): void;
}

/** Features over time, their panes one below the other above one time axis. */
export function createFeatureChart(
  element: HTMLElement,
  options: { readonly sources: readonly LineSource[]; readonly stepS: number; readonly palette: Palette },
): FeatureChart {
  const { sources, stepS } = options;
  let { palette } = options;
  let spans: readonly ShadedSpan[] = [];
  let hoveredS: number | null = null;
  // Removing the chart moves the crosshair once more.
  let isRemoved = false;

  const chart = createChart(element, chartOptions(palette));
  chart.applyOptions({
    timeScale: { barSpacing: 3, minBarSpacing: 0.1, tickMarkFormatter },
    // A finger that moves up or down scrolls the panel: the panes may be higher than it.
    handleScroll: { vertTouchDrag: false },
  });
  let panes = 0;
  const drawn = sources.map((source) => {
    const first = panes;
    panes += source.panes.length;
    return drawSource(chart, source, { paneOf: (at) => first + at });
  });
  const parts = sources.flatMap((source) => source.panes.map((pane) => ({ source, pane })));
  for (const [at, pane] of chart.panes().entries()) pane.setStretchFactor(paneWeight(parts[at]!.pane));
  const legends = chart.panes().map((pane, at) => createPaneLegend(pane, parts[at]!.pane));
  const shades: SpanShade[] = chart.panes().map((pane) => {
    const shade = createSpanShade({ stepS: () => stepS });
    pane.attachPrimitive(shade);
    return shade;
  });

  /** The values under the pointer, else the newest. */
  function showValues(): void {
    for (const [at, { source }] of parts.entries()) legends[at]?.show((line) => source.valueAt(line, hoveredS));
  }

  function drawSpans(next: readonly ShadedSpan[]): void {
    spans = next;
    for (const shade of shades) shade.show(spans, palette);
  }

  function applyPalette(next: Palette): void {
    palette = next;
    chart.applyOptions(chartOptions(palette));
    for (const source of drawn) source.applyPalette(palette);
    drawSpans(spans);
  }

  function showRange(change: (range: { from: number; to: number }) => { from: number; to: number }): void {
    const range = chart.timeScale().getVisibleLogicalRange();
    if (range !== null) chart.timeScale().setVisibleLogicalRange(change(range));
  }

  chart.subscribeCrosshairMove(({ time, point }) => {
    if (isRemoved) return;
    hoveredS = point === undefined || time === undefined ? null : Number(time);
    showValues();
  });
  applyPalette(palette);

  return {
    drawSamples() {
      for (const source of drawn) source.draw();
      if (hoveredS === null) showValues();
    },
    drawSpans,
    applyPalette,
    zoomByWheel: (isOn) => chart.applyOptions({ handleScale: { mouseWheel: isOn } }),
    pan: (count) => showRange(({ from, to }) => ({ from: from + count, to: to + count })),
    zoom: (factor) => showRange(({ from, to }) => ({ from: to - (to - from) * factor, to })),
    showLatest: () => chart.timeScale().scrollToRealTime(),
    remove() {
      isRemoved = true;
      chart.remove();
    },
  };
}
