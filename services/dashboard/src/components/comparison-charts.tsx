import { acrossOf, type Extent, extentOf, type Point, polyline } from '../chart/polyline.ts';
import { grouped, signed } from '../format/decimal.ts';
import { clockTime, dateTime } from '../format/time.ts';
import type { EquityPair } from '../market/decision-comparison.ts';
import { pointAt } from '../training/curve.ts';
import { PLOT_HEIGHT, PLOT_WIDTH, Plot, type PlotTick } from './plot.tsx';

const TICKS = 5;
const DAY_MS = 86_400_000;

interface Line {
  readonly name: string;
  readonly points: readonly Point[];
  readonly style: string;
  readonly text: (value: number) => string;
}

/** Equity of the forward test and of the backtest by time, and below how far they are apart, where they are. */
export function ComparisonCharts(props: {
  readonly points: readonly EquityPair[];
  /** Where they part; null: nowhere, or at no time. */
  readonly divergedMs: number | null;
  readonly isApart: boolean;
  readonly unit: string;
}) {
  const { points, divergedMs, isApart, unit } = props;
  const line = (of: (pair: EquityPair) => number | null): readonly Point[] =>
    points.flatMap((pair) => {
      const y = of(pair);
      return y === null ? [] : [{ x: pair.timeMs, y }];
    });
  const equity = (value: number): string => `${grouped(value, 2)} ${unit}`;
  const lines: readonly Line[] = [
    { name: 'forward test', points: line((pair) => pair.forward), style: styleOf(1), text: equity },
    { name: 'backtest', points: line((pair) => pair.backtest), style: styleOf(2, '5 5'), text: equity },
  ];
  const apart: Line = {
    name: 'forward test less backtest',
    points: line(({ forward, backtest }) => (forward === null || backtest === null ? null : forward - backtest)),
    style: styleOf(7),
    text: (value) => `${signed(value, 4)} ${unit}`,
  };
  return (
    <>
      <TimePlot label="Equity by time" testId="compared" lines={lines} divergedMs={divergedMs} />
      {isApart ? (
        <TimePlot label="Difference of the equities by time" testId="apart" lines={[apart]} divergedMs={divergedMs} />
      ) : null}
    </>
  );
}

function TimePlot(props: {
  readonly label: string;
  readonly testId: string;
  readonly lines: readonly Line[];
  readonly divergedMs: number | null;
}) {
  const { label, testId, lines, divergedMs } = props;
  const extent = extentOf(lines.flatMap(({ points }) => points));
  if (extent === null) return null;
  const textOf = extent.right - extent.left > DAY_MS ? dateTime : clockTime;
  const isWithin = divergedMs !== null && divergedMs >= extent.left && divergedMs <= extent.right;
  const at = isWithin ? acrossOf(divergedMs, extent) * PLOT_WIDTH : null;
  return (
    <Plot
      label={label}
      extent={extent}
      ticks={timeTicks(extent, textOf)}
      placeText={(timeMs) => `${textOf(timeMs)} UTC`}
      testId={testId}
      legendOf={(timeMs) =>
        lines.map(({ name, points, style, text }) => {
          const value = pointAt(points, timeMs)?.y;
          return { name, value: value === undefined ? '–' : text(value), style };
        })
      }
    >
      {at === null ? null : <line class="curve-divergence" x1={at} x2={at} y1={0} y2={PLOT_HEIGHT} />}
      {lines.map(({ name, points, style }) => (
        <polyline
          key={name}
          class="curve-smooth"
          data-line={name}
          style={style}
          points={polyline(points, extent, PLOT_WIDTH, PLOT_HEIGHT)}
        />
      ))}
    </Plot>
  );
}

function styleOf(line: number, dash = 'none'): string {
  return `--curve: var(--line-${line}); --dash: ${dash}; --edge: ${dash === 'none' ? 'solid' : 'dashed'}`;
}

function timeTicks({ left, right }: Extent, textOf: (timeMs: number) => string): readonly PlotTick[] {
  if (left === right) return [{ at: left, text: textOf(left) }];
  return Array.from({ length: TICKS }, (_, n) => {
    const at = left + ((right - left) * (n + 0.5)) / TICKS;
    return { at, text: textOf(at) };
  });
}
