import type { BaselineData, HistogramData, LineData, UTCTimestamp } from 'lightweight-charts';
import type { Series, Timed } from '../store/series.ts';
import { chartTime, type EmptyPoint, evenPoints } from './time-axis.ts';
import { type ValuelessSpan, valuelessSpans } from './valueless-spans.ts';

/** How a line is drawn and read. */
export interface ChartLine {
  readonly label: string;
  /** Index into the palette's lines. */
  readonly line: number;
  readonly drawn: 'line' | 'dashed' | 'histogram' | 'points';
  /** A level that tells one side from the other, by colour; null where there is none. */
  readonly middle: number | null;
  /** Limits that the scale shows always; null: the scale follows the values. */
  readonly range: readonly [least: number, greatest: number] | null;
  /** Levels that are marked. */
  readonly guides: readonly number[];
  /** Seconds that it is drawn later than it is known. */
  readonly laterS: number;
  readonly format: (value: number) => string;
}

/** What lies between two lines is filled. */
export interface ChartFill {
  readonly from: ChartLine;
  readonly to: ChartLine;
  /** A cloud has the colours of rise and fall, as `from` is above or below `to`; a band that of its line. */
  readonly kind: 'band' | 'cloud';
}

/** Lines that share a scale, and so are compared with each other. */
export interface ChartPane {
  /** What all of its lines are of; null where each is named by itself. */
  readonly title: string | null;
  readonly lines: readonly ChartLine[];
  readonly fills: readonly ChartFill[];
  /** Channels of the log that it is made of: a gap in them is a gap in it. */
  readonly channels: readonly string[];
  /** What has to be seen before it says anything. */
  readonly warmUp: string | null;
}

export type LinePoint = LineData<UTCTimestamp> | BaselineData<UTCTimestamp> | HistogramData<UTCTimestamp> | EmptyPoint;

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
  /** The value at an instant, or the newest where that is null; null where there is none. */
  valueAt(line: ChartLine, timeS: number | null): number | null;
  /** Spans in which a line of the pane has no value, oldest first. */
  valueless(pane: ChartPane): readonly ValuelessSpan[];
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
    const isJoined = line.drawn === 'line' || line.drawn === 'dashed';
    return (sample, next) => {
      const time = chartTime(sample.timeS + line.laterS);
      const value = readValue(sample, line);
      if (value === null) return { time };
      const isBeforeBreak =
        isJoined && next !== undefined && (readValue(next, line) === null || next.timeS - sample.timeS > bridgedS);
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
      const { laterS } = line;
      return evenPoints(items, { from: Math.max(0, from), stepS, laterS, point: pointOf(line) });
    },
    valueAt(line, timeS) {
      const items = samples.get();
      if (timeS === null) return items.length === 0 ? null : readValue(items.at(-1)!, line);
      const knownS = timeS - line.laterS;
      const sample = items.findLast((item) => item.timeS <= knownS);
      return sample === undefined || sample.timeS + stepS <= knownS ? null : readValue(sample, line);
    },
    valueless: (pane) => valuelessSpans(samples.get(), pane.lines, { readValue, stepS, bridgedS }),
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
