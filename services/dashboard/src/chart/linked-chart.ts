import { type IChartApi, LineSeries } from 'lightweight-charts';
import { createCursorLine } from './cursor-line.ts';
import type { Palette } from './palette.ts';
import { chartTime, logicalOf, pointCount, timeAt } from './time-axis.ts';
import type { LinkedChart, TimeLink, TimeWindow } from './time-link.ts';

/** A chart of the library on the common time axis. */
export interface Linking {
  /** To be called when values were drawn. */
  drawn(): void;
  applyPalette(palette: Palette): void;
  /** It is the one that the pointer is in. */
  isPointedAt(): boolean;
  end(): void;
}

/** A wheel or a finger moves a chart on for so long after its last event; a busy page is told of it that late. */
const WHEEL_MS = 400;
const FINGER_MS = 1_500;
/** Points of the axis behind the newest value: a chart of minutes may be seconds beyond its last one. */
const POINTS_AHEAD = 10;
/** A chart holds fast to this many points of its own. */
const POINTS_SEEN_MIN = 2;

/**
 * Joins a chart to a link, once it has its panes.
 * @param options.onCursor told of the instant under the pointer, in this chart or another; null: none
 * @param options.onReach told whether anything of the common span is within this chart's points
 */
export function linkChart(
  chart: IChartApi,
  options: {
    readonly link: TimeLink;
    readonly element: HTMLElement;
    readonly stepS: number;
    readonly newestS: () => number;
    readonly onCursor: (timeS: number | null) => void;
    readonly onReach: (isReached: boolean) => void;
  },
): Linking {
  const { link, element, stepS, newestS, onCursor, onReach } = options;
  const scale = chart.timeScale();
  const aborted = new AbortController();
  const lines = chart.panes().map((pane) => {
    const line = createCursorLine(stepS);
    pane.attachPrimitive(line);
    return line;
  });
  // The library lets no chart be moved beyond its values, so one that is never drawn has some ahead of the others.
  const ahead = chart.addSeries(LineSeries, {
    visible: false,
    priceScaleId: 'ahead',
    lastValueVisible: false,
    priceLineVisible: false,
  });
  let aheadOfS = Number.NEGATIVE_INFINITY;
  let cursorColour = '';
  let isHeld = false;
  let movingUntilMs = 0;

  const member: LinkedChart = {
    isReady: () => scale.width() > 0 && pointCount(chart) > 0,
    width: () => scale.width(),
    newestS,
    show,
    isMoving: () => isHeld || performance.now() < movingUntilMs,
    stopMoving() {
      movingUntilMs = 0;
    },
  };

  // The library's range is that of the middles of points; the edges are half a point further out.
  function show({ fromS, toS }: TimeWindow): void {
    const from = logicalOf(chart, fromS, stepS);
    const to = logicalOf(chart, toS, stepS);
    if (from === null || to === null || to - from <= 0) return;
    const count = pointCount(chart);
    const seen = Math.min(to, count - 0.5) - Math.max(from, -0.5);
    onReach(seen >= Math.min(POINTS_SEEN_MIN, count));
    const target = { from: from + 0.5, to: to - 0.5 };
    const shown = scale.getVisibleLogicalRange();
    const isThere =
      shown !== null && Math.abs(shown.from - target.from) < 0.001 && Math.abs(shown.to - target.to) < 0.001;
    if (!isThere || isUnderWay) scale.setVisibleLogicalRange(target);
    isUnderWay = !isThere;
  }
  /** What was asked for last is done with the next drawing only. */
  let isUnderWay = false;

  function tellWindow(): void {
    isUnderWay = false;
    const shown = scale.getVisibleLogicalRange();
    if (shown === null || !member.isReady()) return;
    const fromS = timeAt(chart, shown.from - 0.5, stepS);
    const toS = timeAt(chart, shown.to + 0.5, stepS);
    if (fromS === null || toS === null) return;
    // What is shown is a canvas, of which nobody else can read it.
    element.dataset['from'] = fromS.toFixed(1);
    element.dataset['to'] = toS.toFixed(1);
    if (member.isMoving()) link.moved({ fromS, toS });
  }

  function extendAxis(): void {
    const fromS = newestS();
    if (!Number.isFinite(fromS) || fromS === aheadOfS) return;
    aheadOfS = fromS;
    const times = Array.from({ length: POINTS_AHEAD }, (_, at) => chartTime(fromS + at * stepS));
    ahead.setData(times.map((time) => ({ time, value: 0 })));
  }

  function instantAt(x: number, timeS: number | undefined): number | null {
    if (timeS !== undefined) return timeS + stepS / 2;
    const shown = scale.getVisibleLogicalRange();
    if (shown === null) return null;
    return timeAt(chart, shown.from - 0.5 + (x / scale.width()) * (shown.to - shown.from + 1), stepS);
  }

  function showCursor(): void {
    const cursor = link.cursor.get();
    const timeS = cursor?.timeS ?? null;
    const isElsewhere = cursor !== null && cursor.chart !== member;
    for (const line of lines) line.show(isElsewhere ? timeS : null, cursorColour);
    onCursor(timeS);
  }

  const listen = (event: string, listener: () => void, target: EventTarget = element): void =>
    target.addEventListener(event, listener, { capture: true, passive: true, signal: aborted.signal });
  const movesFor = (lengthMs: number): void => {
    movingUntilMs = Math.max(movingUntilMs, performance.now() + lengthMs);
  };
  listen('pointerdown', () => {
    isHeld = true;
  });
  for (const event of ['pointerup', 'pointercancel'])
    listen(
      event,
      () => {
        if (isHeld) movesFor(event === 'pointercancel' ? FINGER_MS : WHEEL_MS);
        isHeld = false;
      },
      window,
    );
  listen('touchend', () => movesFor(FINGER_MS));
  listen('wheel', () => movesFor(WHEEL_MS));
  listen('dblclick', () => movesFor(WHEEL_MS));

  const leave = [link.join(member), link.cursor.subscribe(showCursor)];
  scale.subscribeVisibleLogicalRangeChange(tellWindow);
  scale.subscribeSizeChange(() => link.settle(member));
  chart.subscribeCrosshairMove(({ point, time }) => {
    if (aborted.signal.aborted) return;
    const timeS = point === undefined ? null : instantAt(point.x, time === undefined ? undefined : Number(time));
    if (timeS === null) link.leave(member);
    else if (isOwnMove()) link.point({ timeS, chart: member });
  });

  /** Drawing moves the crosshair's event too, also where the pointer is elsewhere by now. */
  function isOwnMove(): boolean {
    return element.matches(':hover') || isHeld;
  }

  return {
    drawn() {
      extendAxis();
      link.settle(member);
    },
    applyPalette({ dim }) {
      cursorColour = dim;
      showCursor();
    },
    isPointedAt: () => link.cursor.get()?.chart === member,
    end() {
      aborted.abort();
      for (const end of leave) end();
    },
  };
}
