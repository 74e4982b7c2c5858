import { useState } from 'preact/hooks';
import { LINE_CYCLE } from '../chart/computed-lines.ts';
import { acrossOf, type Extent, extentOf, polyline, ticksOf, upOf } from '../chart/polyline.ts';
import { grouped, plain, significant } from '../format/decimal.ts';
import { type Curve, pointAt } from '../training/curve.ts';

const WIDTH = 1_000;
const HEIGHT = 300;
/** Of the chart's width, a press of an arrow key. */
const KEY_STEP = 0.02;
const [TICKS_ACROSS, TICKS_UP] = [6, 6];

/** Curves of several seeds over their steps. What is pointed at, by pointer or arrow keys, is told of in the legend. */
export function CurveChart({ title, curves }: { readonly title: string; readonly curves: readonly Curve[] }) {
  const [cursor, setCursor] = useState<number | null>(null);
  const extent = extentOf(curves.flatMap(({ measured }) => measured));
  if (extent === null) return <p class="dim">{title} has no value yet</p>;
  const shown = extent;
  const at = cursor === null ? shown.right : Math.min(shown.right, Math.max(shown.left, cursor));
  const up = ticksOf(shown.lowest, shown.highest, TICKS_UP);
  const legend = curves.map(({ seed, smooth }) => {
    const value = pointAt(smooth, at)?.y;
    return { seed, value: value === undefined ? '–' : significant(value) };
  });

  function point(event: PointerEvent): void {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setCursor(shown.left + ((event.clientX - left) / width) * (shown.right - shown.left));
  }

  function press(event: KeyboardEvent): void {
    const step = (shown.right - shown.left) * KEY_STEP;
    const next = { ArrowLeft: at - step, ArrowRight: at + step, Home: shown.left, End: shown.right }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setCursor(next >= shown.right ? null : next);
  }

  return (
    <div class="curve-chart" data-testid="curves">
      <div
        class="curve-plot"
        role="slider"
        tabIndex={0}
        aria-label={`${title} by steps`}
        aria-valuemin={shown.left}
        aria-valuemax={shown.right}
        aria-valuenow={Math.round(at)}
        aria-valuetext={`step ${grouped(at, 0)}: ${legend.map(({ seed, value }) => `seed ${seed} ${value}`).join(', ')}`}
        onKeyDown={press}
        onPointerMove={point}
        onPointerLeave={() => setCursor(null)}
      >
        <Ticks extent={shown} up={up} />
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {up.map((value) => {
            const y = (1 - upOf(value, shown)) * HEIGHT;
            return <line key={value} x1={0} x2={WIDTH} y1={y} y2={y} />;
          })}
          {curves.map(({ seed, measured, smooth }, n) => (
            <g key={seed} style={styleOf(n)}>
              {smooth === measured ? null : <polyline class="curve-measured" points={drawn(measured, shown)} />}
              <polyline class="curve-smooth" data-seed={seed} points={drawn(smooth, shown)} />
            </g>
          ))}
        </svg>
        {cursor === null ? null : <i class="curve-cursor" style={{ left: `${acrossOf(at, shown) * 100}%` }} />}
      </div>
      <ul class="curve-legend" aria-hidden="true">
        <li class="dim">step {grouped(at, 0)}</li>
        {legend.map(({ seed, value }, n) => (
          <li key={seed} style={styleOf(n)}>
            <i class="curve-swatch" />
            seed {seed} <b>{value}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}

function drawn(points: Curve['smooth'], extent: Extent): string {
  const line = polyline(points, extent, WIDTH, HEIGHT);
  // A line from a point to itself is a dot.
  return points.length === 1 ? `${line} ${line}` : line;
}

/** Beyond the colours that there are, lines are dashed. */
function styleOf(n: number): string {
  const line = LINE_CYCLE[n % LINE_CYCLE.length]! + 1;
  const isDashed = n >= LINE_CYCLE.length;
  return `--curve: var(--line-${line}); --dash: ${isDashed ? '6 4' : 'none'}; --edge: ${isDashed ? 'dashed' : 'solid'}`;
}

function Ticks({ extent, up }: { readonly extent: Extent; readonly up: readonly number[] }) {
  return (
    <div aria-hidden="true">
      {up.map((value) => (
        <span key={value} class="tick-up" style={{ bottom: `${upOf(value, extent) * 100}%` }}>
          {plain(value)}
        </span>
      ))}
      {ticksOf(extent.left, extent.right, TICKS_ACROSS).map((value) => (
        <span key={value} class="tick-across" style={{ left: `${acrossOf(value, extent) * 100}%` }}>
          {plain(value)}
        </span>
      ))}
    </div>
  );
}
