import type { BaselineData, LineData, UTCTimestamp } from 'lightweight-charts';
import type { Series, Timed } from '../store/series.ts';
import { chartTime, type EmptyPoint, evenPoints } from './time-axis.ts';

/** How a line is drawn and read. */
export interface ChartLine {
  readonly label: string;
  /** Index into the palette's lines. */
  readonly line: number;
  /** A level that tells one side from the other, by colour; null where there is none. */
  readonly middle: number | null;
  /** Limits that the scale shows always, with faint marks at them and between; null: the scale follows the values. */
  readonly range: readonly [least: number, greatest: number] | null;
  readonly format: (value: number) => string;
}

/** Lines that share a scale, and so are compared with each other. */
export interface ChartPane {
  /** What all of its lines are of; null where each is named by itself. */
  readonly title: string | null;
  readonly lines: readonly ChartLine[];
}

export type LinePoint = LineData<UTCTimestamp> | BaselineData<UTCTimestamp> | EmptyPoint;

/** Height of a pane against that of others: lines that are compared with each other need room. */
export function paneWeight({ lines }: ChartPane): number {
  return lines.length > 1 ? 1.5 : 1;
}

/** Values over time and the lines that they are drawn as. */
export interface LineSource {
  readonly panes: readonly ChartPane[];
  /** As of the series that the values are in. */
  revision(): number;
  /** Of the newest value; -∞ without one. */
  lastS(): number;
  /** Points of a line from the time given on, with the one at or before it. */
  points(line: ChartLine, fromS: number): LinePoint[];
  /** The value at a time, or the newest where that is null; null where there is none. */
  valueAt(line: ChartLine, timeS: number | null): number | null;
  subscribe(listener: () => void): () => void;
}

/** @param options.bridgedS seconds without a value that a line still bridges */
export function createLineSource<T extends Timed>(options: {
  readonly samples: Series<T>;
  readonly panes: readonly ChartPane[];
  readonly readValue: (sample: T, line: ChartLine) => number | null;
  readonly stepS: number;
  readonly bridgedS: number;
}): LineSource {
  const { samples, panes, readValue, stepS, bridgedS } = options;

  function pointOf(line: ChartLine): (sample: T, next: T | undefined) => LinePoint {
    return (sample, next) => {
      const time = chartTime(sample.timeS);
      const value = readValue(sample, line);
      if (value === null) return { time };
      const isBeforeBreak =
        next !== undefined && (readValue(next, line) === null || next.timeS - sample.timeS > bridgedS);
      return isBeforeBreak ? { time, value, ...UNSEEN } : { time, value };
    };
  }

  return {
    panes,
    revision: samples.revision,
    subscribe: samples.subscribe,
    lastS: () => samples.get().at(-1)?.timeS ?? Number.NEGATIVE_INFINITY,
    points(line, fromS) {
      const items = samples.get();
      const from = items.findLastIndex(({ timeS }) => timeS <= fromS);
      return evenPoints(items, { from: Math.max(0, from), stepS, point: pointOf(line) });
    },
    valueAt(line, timeS) {
      const items = samples.get();
      const sample = timeS === null ? items.at(-1) : items.findLast((item) => item.timeS === timeS);
      return sample === undefined ? null : readValue(sample, line);
    },
  };
}

/** The library draws a line across what is missing, in the colours of the point before it: those are taken away. */
const UNSEEN = {
  color: 'transparent',
  topLineColor: 'transparent',
  bottomLineColor: 'transparent',
  topFillColor1: 'transparent',
  topFillColor2: 'transparent',
  bottomFillColor1: 'transparent',
  bottomFillColor2: 'transparent',
};
