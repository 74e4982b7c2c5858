import type {
  IPanePrimitive,
  IPanePrimitivePaneView,
  IPrimitivePaneRenderer,
  ISeriesApi,
  PaneAttachedParameter,
  SeriesType,
  Time,
} from 'lightweight-charts';
import type { LinePoint } from './line-source.ts';

/** Fills what lies between two lines. */
export interface BandFill extends IPanePrimitive<Time> {
  /** Points of both lines at the same times, oldest first. */
  show(from: readonly LinePoint[], to: readonly LinePoint[]): void;
  /** Where the first line is above the other, and where it is below. */
  applyColours(above: string, below: string): void;
}

/** A place where both lines have a value. */
interface Stretch {
  readonly time: Time;
  readonly from: number;
  readonly to: number;
  /** Nothing is filled up to the next one. */
  readonly isLast: boolean;
}

interface Corner {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

/** @param series of which the scale is, that both lines share */
export function createBandFill(series: ISeriesApi<SeriesType>): BandFill {
  let attachedTo: PaneAttachedParameter<Time> | null = null;
  let stretches: readonly Stretch[] = [];
  let colours = { above: '', below: '' };

  function cornerOf({ time, from, to }: Stretch): Corner | null {
    const x = attachedTo?.chart.timeScale().timeToCoordinate(time) ?? null;
    const [fromY, toY] = [series.priceToCoordinate(from), series.priceToCoordinate(to)];
    return x === null || fromY === null || toY === null ? null : { x, from: fromY, to: toY };
  }

  const renderer: IPrimitivePaneRenderer = {
    draw(target) {
      target.useMediaCoordinateSpace(({ context, mediaSize }) => {
        for (let at = 0; at + 1 < stretches.length; at++) {
          const stretch = stretches[at]!;
          if (stretch.isLast) continue;
          const left = cornerOf(stretch);
          const right = cornerOf(stretches[at + 1]!);
          if (left === null || right === null || right.x < 0 || left.x > mediaSize.width) continue;
          for (const { corners, isAbove } of quadsBetween(left, right)) {
            context.fillStyle = isAbove ? colours.above : colours.below;
            fillQuad(context, corners);
          }
        }
      });
    },
  };
  const views: IPanePrimitivePaneView[] = [{ zOrder: () => 'bottom', renderer: () => renderer }];

  return {
    attached(parameter) {
      attachedTo = parameter;
    },
    detached() {
      attachedTo = null;
    },
    paneViews: () => views,
    show(from, to) {
      stretches = stretchesOf(from, to);
      attachedTo?.requestUpdate();
    },
    applyColours(above, below) {
      colours = { above, below };
      attachedTo?.requestUpdate();
    },
  };
}

function stretchesOf(from: readonly LinePoint[], to: readonly LinePoint[]): Stretch[] {
  const others = new Map(to.map((point) => [point.time, point]));
  const found: Stretch[] = [];
  let isBroken = true;
  for (const point of from) {
    const other = others.get(point.time);
    const isWhole = 'value' in point && other !== undefined && 'value' in other;
    if (!isWhole && !isBroken) found[found.length - 1] = { ...found.at(-1)!, isLast: true };
    isBroken = !isWhole;
    if (isWhole) found.push({ time: point.time, from: point.value, to: other.value, isLast: false });
  }
  return found;
}

/** Two where the lines cross between the corners. */
export function quadsBetween(
  left: Corner,
  right: Corner,
): readonly { readonly corners: readonly [Corner, Corner]; readonly isAbove: boolean }[] {
  // Heights on a screen grow downwards.
  const leftGap = left.to - left.from;
  const rightGap = right.to - right.from;
  if (leftGap * rightGap >= 0) return [{ corners: [left, right], isAbove: leftGap + rightGap >= 0 }];
  const share = leftGap / (leftGap - rightGap);
  const y = left.from + share * (right.from - left.from);
  const crossing: Corner = { x: left.x + share * (right.x - left.x), from: y, to: y };
  return [
    { corners: [left, crossing], isAbove: leftGap > 0 },
    { corners: [crossing, right], isAbove: rightGap > 0 },
  ];
}

function fillQuad(context: CanvasRenderingContext2D, [left, right]: readonly [Corner, Corner]): void {
  context.beginPath();
  context.moveTo(left.x, left.from);
  context.lineTo(right.x, right.from);
  context.lineTo(right.x, right.to);
  context.lineTo(left.x, left.to);
  context.closePath();
  context.fill();
}
