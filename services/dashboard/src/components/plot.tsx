import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { acrossOf, type Extent, ticksOf, upOf } from '../chart/polyline.ts';
import { plain } from '../format/decimal.ts';

/** What is drawn within, of which `PLOT_HEIGHT` is at the lower edge. */
export const [PLOT_WIDTH, PLOT_HEIGHT] = [1_000, 300];
/** Of the plot's width, a press of an arrow key. */
const KEY_STEP = 0.02;
const TICKS_UP = 6;

export interface PlotTick {
  readonly at: number;
  readonly text: string;
}

/** A line of the legend: what is drawn, and its value where the cursor is. */
export interface PlotLegend {
  readonly name: string;
  readonly value: string;
  /** Of its swatch; undefined: it has none. */
  readonly style?: string;
}

/** A box with axes and a cursor, moved by pointer or arrow keys; the legend tells what is there, at the right edge without it. */
export function Plot(props: {
  readonly label: string;
  readonly extent: Extent;
  readonly ticks: readonly PlotTick[];
  /** `step 1,024` */
  readonly placeText: (at: number) => string;
  readonly legendOf: (at: number) => readonly PlotLegend[];
  readonly testId: string;
  /** Within an SVG of `PLOT_WIDTH` by `PLOT_HEIGHT`. */
  readonly children: ComponentChildren;
}) {
  const { label, extent, ticks, placeText, legendOf, testId, children } = props;
  const [cursor, setCursor] = useState<number | null>(null);
  const { left, right } = extent;
  const at = cursor === null ? right : Math.min(right, Math.max(left, cursor));
  const up = ticksOf(extent.lowest, extent.highest, TICKS_UP);
  const legend = legendOf(at);

  function point(event: PointerEvent): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setCursor(left + ((event.clientX - box.left) / box.width) * (right - left));
  }

  function press(event: KeyboardEvent): void {
    const step = (right - left) * KEY_STEP;
    const next = { ArrowLeft: at - step, ArrowRight: at + step, Home: left, End: right }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setCursor(next >= right ? null : next);
  }

  return (
    <div class="curve-chart" data-testid={testId}>
      <div
        class="curve-plot"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={left}
        aria-valuemax={right}
        aria-valuenow={Math.round(at)}
        aria-valuetext={`${placeText(at)}: ${legend.map(({ name, value }) => `${name} ${value}`).join(', ')}`}
        onKeyDown={press}
        onPointerMove={point}
        onPointerLeave={() => setCursor(null)}
      >
        <div aria-hidden="true">
          {up.map((value) => (
            <span key={value} class="tick-up" style={{ bottom: `${upOf(value, extent) * 100}%` }}>
              {plain(value)}
            </span>
          ))}
          {ticks.map((tick) => (
            <span key={tick.at} class="tick-across" style={{ left: `${acrossOf(tick.at, extent) * 100}%` }}>
              {tick.text}
            </span>
          ))}
        </div>
        <svg viewBox={`0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {up.map((value) => {
            const y = (1 - upOf(value, extent)) * PLOT_HEIGHT;
            return <line key={value} x1={0} x2={PLOT_WIDTH} y1={y} y2={y} />;
          })}
          {children}
        </svg>
        {cursor === null ? null : <i class="curve-cursor" style={{ left: `${acrossOf(at, extent) * 100}%` }} />}
      </div>
      <ul class="curve-legend" aria-hidden="true">
        <li class="dim">{placeText(at)}</li>
        {legend.map(({ name, value, style }) => (
          <li key={name} {...(style === undefined ? {} : { style })}>
            {style === undefined ? null : <i class="curve-swatch" />}
            {name} <b>{value}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}
