import type {
  IChartApiBase,
  IPanePrimitive,
  IPanePrimitivePaneView,
  IPrimitivePaneRenderer,
  PaneAttachedParameter,
  Time,
} from 'lightweight-charts';
import { coordinateOf } from './time-axis.ts';

/** A span of time to be shaded. */
export interface ShadedSpan {
  /** Seconds since the epoch. */
  readonly fromS: number;
  /** Null: it is not over; it reaches to the right edge. */
  readonly toS: number | null;
  /** A mark is an edge only: of what does not touch what is drawn. */
  readonly kind: 'gap' | 'invalid' | 'mark';
}

interface ShadeColours {
  readonly gap: string;
  readonly gapSoft: string;
  readonly invalidSoft: string;
}

/** A span shorter than this would not be seen. */
const WIDTH_MIN = 3;
const HATCH_STEP = 6;

export interface SpanShade extends IPanePrimitive<Time> {
  show(spans: readonly ShadedSpan[], colours: ShadeColours): void;
}

/** Shades spans of time behind what a pane draws. Gaps are hatched too, so that colour is not all that tells them. */
export function createSpanShade(options: { readonly stepS: () => number }): SpanShade {
  let attachedTo: PaneAttachedParameter<Time> | null = null;
  let spans: readonly ShadedSpan[] = [];
  let colours: ShadeColours = { gap: '', gapSoft: '', invalidSoft: '' };

  function drawSpan(
    context: CanvasRenderingContext2D,
    x: number,
    width: number,
    height: number,
    span: ShadedSpan,
  ): void {
    if (span.kind !== 'mark') {
      context.fillStyle = span.kind === 'gap' ? colours.gapSoft : colours.invalidSoft;
      context.fillRect(x, 0, width, height);
    }
    if (span.kind === 'gap') hatch(context, x, width, height);
    if (span.kind === 'invalid') return;
    context.fillStyle = colours.gap;
    context.fillRect(x, 0, width, 2);
  }

  function hatch(context: CanvasRenderingContext2D, x: number, width: number, height: number): void {
    context.save();
    context.beginPath();
    context.rect(x, 0, width, height);
    context.clip();
    context.strokeStyle = colours.gapSoft;
    context.beginPath();
    for (let start = x - height; start < x + width; start += HATCH_STEP) {
      context.moveTo(start, height);
      context.lineTo(start + height, 0);
    }
    context.stroke();
    context.restore();
  }

  const renderer: IPrimitivePaneRenderer = {
    draw(target) {
      const chart = attachedTo?.chart;
      if (chart === undefined) return;
      target.useMediaCoordinateSpace(({ context, mediaSize }) => {
        for (const span of spans) {
          const edges = spanEdges(chart, span, options.stepS());
          if (edges === null) continue;
          const x = Math.max(edges.x, -WIDTH_MIN);
          const right = Math.min(edges.right, mediaSize.width);
          if (right > 0 && x < mediaSize.width) drawSpan(context, x, right - x, mediaSize.height, span);
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
    show(nextSpans, nextColours) {
      // Gaps over what has no value: their edges must not be dimmed.
      spans = mergedSpans(nextSpans).toSorted((a, b) => Number(b.kind === 'invalid') - Number(a.kind === 'invalid'));
      colours = nextColours;
      attachedTo?.requestUpdate();
    },
  };
}

/** The spans with those of one kind that overlap made one: gaps of several channels at once are not darker than one. */
export function mergedSpans(spans: readonly ShadedSpan[]): ShadedSpan[] {
  const merged: ShadedSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.fromS - b.fromS)) {
    const at = merged.findIndex(({ kind, toS }) => kind === span.kind && (toS === null || toS >= span.fromS));
    const before = merged[at];
    if (before === undefined) merged.push(span);
    else merged[at] = { ...before, toS: laterOf(before.toS, span.toS) };
  }
  return merged;
}

/** Null is never. */
function laterOf(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}

/** Where a span is in the chart; null where the chart has no points. */
export function spanEdges(
  chart: IChartApiBase<Time>,
  { fromS, toS }: ShadedSpan,
  stepS: number,
): { readonly x: number; readonly right: number } | null {
  const x = coordinateOf(chart, fromS, stepS);
  const right = toS === null ? Number.POSITIVE_INFINITY : coordinateOf(chart, toS, stepS);
  if (x === null || right === null) return null;
  return { x, right: Math.max(right, x + WIDTH_MIN) };
}
