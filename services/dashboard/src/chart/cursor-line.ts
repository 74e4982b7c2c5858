import type {
  IPanePrimitive,
  IPanePrimitivePaneView,
  IPrimitivePaneRenderer,
  PaneAttachedParameter,
  Time,
} from 'lightweight-charts';
import { coordinateOf } from './time-axis.ts';

/** Marks the instant that the pointer is at in another chart. */
export interface CursorLine extends IPanePrimitive<Time> {
  /** Null takes it away. */
  show(timeS: number | null, colour: string): void;
}

export function createCursorLine(stepS: number): CursorLine {
  let attachedTo: PaneAttachedParameter<Time> | null = null;
  let timeS: number | null = null;
  let colour = '';

  const renderer: IPrimitivePaneRenderer = {
    draw(target) {
      const chart = attachedTo?.chart;
      if (chart === undefined || timeS === null) return;
      // As the library's own crosshair, it stands in the middle of a step.
      const x = coordinateOf(chart, (Math.floor(timeS / stepS) + 0.5) * stepS, stepS);
      if (x === null) return;
      target.useMediaCoordinateSpace(({ context, mediaSize }) => {
        context.strokeStyle = colour;
        context.lineWidth = 1;
        context.setLineDash([5, 5]);
        context.beginPath();
        context.moveTo(Math.round(x) + 0.5, 0);
        context.lineTo(Math.round(x) + 0.5, mediaSize.height);
        context.stroke();
        context.setLineDash([]);
      });
    },
  };
  const views: IPanePrimitivePaneView[] = [{ zOrder: () => 'top', renderer: () => renderer }];

  return {
    attached(parameter) {
      attachedTo = parameter;
    },
    detached() {
      attachedTo = null;
    },
    paneViews: () => views,
    show(nextS, nextColour) {
      if (nextS === timeS && nextColour === colour) return;
      timeS = nextS;
      colour = nextColour;
      attachedTo?.requestUpdate();
    },
  };
}
