import { createChart } from 'lightweight-charts';
import { CHART_OPTIONS, chartColours } from './chart-options.ts';
import { drawSource } from './drawn-source.ts';
import { type LineSource, paneWeight } from './line-source.ts';
import { linkChart } from './linked-chart.ts';
import { type KnownMissing, type Missing, missingAt, shadedSpans } from './missing.ts';
import type { Palette } from './palette.ts';
import { createPaneLegend } from './pane-legend.ts';
import { createSpanShade, type SpanShade } from './span-shade.ts';
import type { TimeLink } from './time-link.ts';

export interface FeatureChart {
  /** Draws what has changed of the values. */
  drawSamples(): void;
  drawMissing(known: KnownMissing): void;
  applyPalette(palette: Palette): void;
  /** The wheel zooms; else it is left to the page, which may have to be scrolled. */
  zoomByWheel(isOn: boolean): void;
  remove(): void;
}

/** What is missing under the pointer, and where that is within the chart. */
export interface HoveredMissing {
  readonly missing: Missing;
  /** The pane, and the pointer in it, CSS pixels from the window's corner. */
  readonly place: { readonly x: number; readonly top: number; readonly bottom: number };
}

/** Features over time, their panes one below the other above one time axis. */
export function createFeatureChart(
  element: HTMLElement,
  options: {
    readonly sources: readonly LineSource[];
    readonly stepS: number;
    readonly palette: Palette;
    readonly link: TimeLink;
    readonly onMissing: (hovered: HoveredMissing | null) => void;
    /** Told whether it has anything of the span that is shown. */
    readonly onReach: (isReached: boolean) => void;
  },
): FeatureChart {
  const { sources, stepS, link, onMissing, onReach } = options;
  let { palette } = options;
  let known: KnownMissing = { gaps: [], invalid: [] };
  let cursorS: number | null = null;
  // Removing the chart moves the crosshair once more.
  let isRemoved = false;

  const chart = createChart(element, {
    ...CHART_OPTIONS,
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
  const linking = linkChart(chart, {
    link,
    element,
    stepS,
    newestS: () => Math.max(...sources.map((source) => source.lastS())) + stepS,
    onCursor: showCursor,
    onReach,
  });

  /** The values under the pointer, else the newest. */
  function showValues(): void {
    for (const [at, { source }] of parts.entries()) legends[at]?.show((line) => source.valueAt(line, cursorS));
  }

  function showCursor(timeS: number | null): void {
    if (isRemoved || (timeS === null && cursorS === null)) return;
    cursorS = timeS;
    showValues();
  }

  function drawMissing(next: KnownMissing): void {
    known = next;
    for (const [at, { source, pane }] of parts.entries()) shades[at]?.show(shadedSpans(source, pane, known), palette);
  }

  function applyPalette(next: Palette): void {
    palette = next;
    chart.applyOptions(chartColours(palette));
    for (const source of drawn) source.applyPalette(palette);
    linking.applyPalette(palette);
    drawMissing(known);
  }

  chart.subscribeCrosshairMove(({ time, point, paneIndex = 0 }) => {
    if (isRemoved) return;
    const part = parts[paneIndex];
    if (point === undefined || time === undefined || part === undefined) {
      onMissing(null);
      return;
    }
    const fromS = Number(time);
    const missing = missingAt(part.source, part.pane, { fromS, toS: fromS + stepS }, known);
    const pane = chart.panes()[paneIndex]?.getHTMLElement()?.getBoundingClientRect();
    if (missing === null || pane === undefined) onMissing(null);
    else onMissing({ missing, place: { x: pane.left + point.x, top: pane.top, bottom: pane.bottom } });
  });
  applyPalette(palette);

  return {
    drawSamples() {
      for (const source of drawn) source.draw();
      drawMissing(known);
      linking.drawn();
      if (cursorS === null) showValues();
    },
    drawMissing,
    applyPalette,
    zoomByWheel: (isOn) => chart.applyOptions({ handleScale: { mouseWheel: isOn } }),
    remove() {
      isRemoved = true;
      linking.end();
      chart.remove();
    },
  };
}
