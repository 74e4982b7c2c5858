import { grouped } from '../format/decimal.ts';
import { clockTime } from '../format/time.ts';
import { type EquityLine, polyline, rangeOf } from '../market/equity-line.ts';

const WIDTH = 240;
const HEIGHT = 40;

/** Equity since the page was opened. */
export function EquitySparkline({ line, unit }: { readonly line: EquityLine | undefined; readonly unit: string }) {
  const points = line?.points ?? [];
  const drawn = polyline(points, WIDTH, HEIGHT);
  const first = points[0];
  if (drawn === '' || first === undefined) return null;
  const { lowest, highest } = rangeOf(points);
  const range = `${grouped(lowest, 2)} to ${grouped(highest, 2)} ${unit}`;
  const since = `${clockTime(first.timeMs)} UTC`;
  return (
    <figure class="sparkline" data-testid="equity-line">
      <svg
        viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Equity since ${since}: ${range}`}
      >
        <polyline points={drawn} />
      </svg>
      <figcaption class="dim">
        {range} since {since}
      </figcaption>
    </figure>
  );
}
