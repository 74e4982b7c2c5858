import { LINE_CYCLE } from '../chart/computed-lines.ts';
import { type Extent, extentOf, polyline, ticksOf } from '../chart/polyline.ts';
import { grouped, plain, significant } from '../format/decimal.ts';
import { type Curve, pointAt } from '../training/curve.ts';
import { PLOT_HEIGHT, PLOT_WIDTH, Plot, type PlotTick } from './plot.tsx';

const TICKS_ACROSS = 6;

/** Curves of several seeds over their steps. What is pointed at, by pointer or arrow keys, is told of in the legend. */
export function CurveChart({ title, curves }: { readonly title: string; readonly curves: readonly Curve[] }) {
  const extent = extentOf(curves.flatMap(({ measured }) => measured));
  if (extent === null) return <p class="dim">{title} has no value yet</p>;
  return (
    <Plot
      label={`${title} by steps`}
      extent={extent}
      ticks={stepTicks(extent)}
      placeText={stepText}
      testId="curves"
      legendOf={(at) =>
        curves.map(({ seed, smooth }, n) => {
          const value = pointAt(smooth, at)?.y;
          return {
            name: `seed ${seed}`,
            value: value === undefined ? '–' : significant(value),
            style: styleOf(n),
          };
        })
      }
    >
      {curves.map(({ seed, measured, smooth }, n) => (
        <g key={seed} style={styleOf(n)}>
          {smooth === measured ? null : <polyline class="curve-measured" points={drawn(measured, extent)} />}
          <polyline class="curve-smooth" data-seed={seed} points={drawn(smooth, extent)} />
        </g>
      ))}
    </Plot>
  );
}

export function stepTicks({ left, right }: Extent): readonly PlotTick[] {
  return ticksOf(left, right, TICKS_ACROSS).map((at) => ({ at, text: plain(at) }));
}

export function stepText(at: number): string {
  return `step ${grouped(at, 0)}`;
}

function drawn(points: Curve['smooth'], extent: Extent): string {
  const line = polyline(points, extent, PLOT_WIDTH, PLOT_HEIGHT);
  // A line from a point to itself is a dot.
  return points.length === 1 ? `${line} ${line}` : line;
}

/** Beyond the colours that there are, lines are dashed. */
function styleOf(n: number): string {
  const line = LINE_CYCLE[n % LINE_CYCLE.length]! + 1;
  const isDashed = n >= LINE_CYCLE.length;
  return `--curve: var(--line-${line}); --dash: ${isDashed ? '6 4' : 'none'}; --edge: ${isDashed ? 'dashed' : 'solid'}`;
}
