import { createStore, type Readable, type Schedule } from '../store/store.ts';

/** A span of time, in seconds since the epoch. */
export interface TimeWindow {
  readonly fromS: number;
  readonly toS: number;
}

/** A chart as the link sees it. */
export interface LinkedChart {
  /** Has it points, and is it in sight? */
  isReady(): boolean;
  /** Width of what it draws in, CSS pixels. */
  width(): number;
  /** End of its newest value; -∞ without one. */
  newestS(): number;
  show(window: TimeWindow): void;
  /** The user is moving it: it is not to be moved otherwise meanwhile. */
  isMoving(): boolean;
  /** What still follows from the user's last move, as after a wheel, is over: the keys say otherwise. */
  stopMoving(): void;
}

/** Where the pointer is on the common axis, and in which chart. */
export interface Cursor {
  readonly timeS: number;
  readonly chart: LinkedChart;
}

/** One time axis for several charts: they show the same span, and what is under the pointer in one is shown in all. */
export interface TimeLink {
  /** The answer ends it. */
  join(chart: LinkedChart): () => void;
  /** The user has moved a chart to here. */
  moved(window: TimeWindow): void;
  /** A chart has drawn values, or has another size: it is brought back to the common span, which follows the newest. */
  settle(chart: LinkedChart): void;
  readonly cursor: Readable<Cursor | null>;
  point(cursor: Cursor): void;
  /** The pointer has left the chart. */
  leave(chart: LinkedChart): void;
  /** By steps of the candles, to the right where positive. */
  pan(steps: number): void;
  /** Shows a shorter span where below 1. */
  zoom(factor: number): void;
  showLatest(): void;
  /** Brings an instant into the middle. */
  showTime(timeS: number): void;
}

/** Width of a candle in the beginning, CSS pixels. */
const STEP_WIDTH = 7;
/** Room behind the newest value, in steps. */
const MARGIN_STEPS = 4;
const SPAN_STEPS_MIN = 5;

/** @param options.stepS how long a candle is: what it is begun, and moved by the keys, in */
export function createTimeLink(options: { readonly stepS: number; readonly schedule?: Schedule }): TimeLink {
  const { stepS, schedule } = options;
  const charts = new Set<LinkedChart>();
  const cursor = createStore<Cursor | null>(null, schedule);
  let window: TimeWindow | null = null;
  let newestS = Number.NEGATIVE_INFINITY;
  let isFollowing = true;

  function newestOfAll(): number {
    return Math.max(...[...charts].map((chart) => chart.newestS()), Number.NEGATIVE_INFINITY);
  }

  function begin(chart: LinkedChart): void {
    if (!chart.isReady() || newestS === Number.NEGATIVE_INFINITY) return;
    const toS = newestS + MARGIN_STEPS * stepS;
    isFollowing = true;
    showIn({ fromS: toS - (chart.width() / STEP_WIDTH) * stepS, toS });
  }

  function showIn(next: TimeWindow): void {
    window = next;
    for (const chart of charts) if (chart.isReady() && !chart.isMoving()) chart.show(next);
  }

  /** The newest value may have come while the span did not follow it. */
  function follow(): void {
    const before = newestS;
    newestS = newestOfAll();
    if (window === null || !isFollowing || !Number.isFinite(before) || newestS <= before) return;
    if ([...charts].some((chart) => chart.isMoving())) return;
    showIn({ fromS: window.fromS + newestS - before, toS: window.toS + newestS - before });
  }

  function move(next: TimeWindow): void {
    isFollowing = next.toS >= newestS;
    showIn(next);
  }

  /** Not by moving a chart: one that was moved just before would bring the others back with its next drawing. */
  function moveAll(next: TimeWindow): void {
    for (const chart of charts) chart.stopMoving();
    move(next);
  }

  return {
    cursor,
    join(chart) {
      charts.add(chart);
      return () => {
        charts.delete(chart);
        if (cursor.get()?.chart === chart) cursor.set(null);
      };
    },
    moved(next) {
      newestS = newestOfAll();
      move(next);
    },
    settle(chart) {
      follow();
      if (window === null) begin(chart);
      else if (chart.isReady() && !chart.isMoving()) chart.show(window);
    },
    point: cursor.set,
    leave(chart) {
      if (cursor.get()?.chart === chart) cursor.set(null);
    },
    pan(steps) {
      if (window !== null) moveAll({ fromS: window.fromS + steps * stepS, toS: window.toS + steps * stepS });
    },
    zoom(factor) {
      if (window === null) return;
      const lengthS = Math.max((window.toS - window.fromS) * factor, SPAN_STEPS_MIN);
      moveAll({ fromS: window.toS - lengthS, toS: window.toS });
    },
    showLatest() {
      if (window === null) return;
      const toS = newestS + MARGIN_STEPS * stepS;
      moveAll({ fromS: toS - (window.toS - window.fromS), toS });
    },
    showTime(timeS) {
      if (window === null) return;
      const halfS = (window.toS - window.fromS) / 2;
      moveAll({ fromS: timeS - halfS, toS: timeS + halfS });
    },
  };
}
