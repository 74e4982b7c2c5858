import type { BarBreak, ClosedBar } from '../../../operators/features/feature-input.ts';
import type { FeatureVector } from '../../../operators/features/feature-set.ts';
import type { EventPlace } from '../../../streams/events/logged-event.ts';
import { parseEntryId } from '../../../streams/id.ts';

/** A bar, or a break of the bars, in front of the sample of that number. */
export type BarItem = readonly [beforeSample: number, bar: ClosedBar | BarBreak];

/** What a worker found in a chunk: its samples in columns, and the bars between them. Plain data. */
export interface ChunkResult {
  readonly samples: number;
  /** Samples of the chunk itself; those after them lie behind its end. */
  readonly own: number;
  /** `SAMPLE_COLUMNS` numbers of each sample's place, then the values of the features; NaN: none. */
  readonly table: Float64Array;
  readonly width: number;
  readonly bars: readonly BarItem[];
  readonly events: number;
  readonly tickSize: string;
  readonly stepSize: string;
}

export type SamplePlace = Omit<EventPlace, 'channel'>;

/** Entry's two numbers, index, receive time, time, update id, which columns were interrupted. */
export const SAMPLE_COLUMNS = 7;

export interface SampleTable {
  readonly samples: number;
  add(place: SamplePlace, vector: FeatureVector): void;
  take(): Float64Array;
}

/** @param values of a sample */
export function createSampleTable(values: number): SampleTable {
  const width = SAMPLE_COLUMNS + values;
  let table = new Float64Array(width * 1_024);
  let samples = 0;
  return {
    get samples() {
      return samples;
    },
    add({ entryId, index, receiveTimeUs }, vector) {
      const at = samples * width;
      if (at === table.length) {
        const longer = new Float64Array(table.length * 2);
        longer.set(table);
        table = longer;
      }
      const { ms, n } = parseEntryId(entryId);
      table.set([ms, n, index, receiveTimeUs, vector.timeMs, vector.updateId ?? Number.NaN, vector.broken], at);
      for (let v = 0; v < values; v++) table[at + SAMPLE_COLUMNS + v] = vector.values[v] ?? Number.NaN;
      samples++;
    },
    take: () => table.slice(0, samples * width),
  };
}

/** A sample's place in the log, and what was said there. */
export function sampleAt({ table, width }: ChunkResult, n: number): { place: SamplePlace; vector: FeatureVector } {
  const [ms, seq, index, receiveTimeUs, timeMs, updateId, broken] = table.subarray(
    n * width,
    n * width + SAMPLE_COLUMNS,
  );
  const values = Array.from(table.subarray(n * width + SAMPLE_COLUMNS, (n + 1) * width), (value) =>
    Number.isNaN(value) ? null : value,
  );
  return {
    place: { entryId: `${ms}-${seq}`, index: index!, receiveTimeUs: receiveTimeUs! },
    vector: {
      timeMs: timeMs!,
      updateId: Number.isNaN(updateId) ? null : updateId!,
      values,
      mask: 0,
      broken: broken!,
    },
  };
}
