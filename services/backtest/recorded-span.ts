import type { Redis } from 'ioredis';
import { BadInput } from '../../infra/setup-error.ts';
import type { KlineInterval } from '../../operators/kline-bars.ts';
import { scaleBefore } from '../../pipelines/book-at.ts';
import { ensureBarTape } from '../../pipelines/build-bar-tape.ts';
import { ensureTape } from '../../pipelines/build-tape.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { type EntryId, parseEntryId } from '../../streams/id.ts';
import { rawKey } from '../../streams/keys.ts';
import { describeRecording } from '../../streams/recordings.ts';
import { spanEnds } from '../../streams/stream-bounds.ts';
import type { BarTape } from '../../streams/tape/bar-tape.ts';
import type { Tape } from '../../streams/tape/tape.ts';
import { readTapeFile } from '../../streams/tape/tape-file.ts';
import { type FoundFunding, findFunding } from './find-funding.ts';

export interface SpanOptions {
  readonly redis: Redis;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly recording: string;
  /** First and last entry, or their times in ms; the whole recording where not said. */
  readonly from?: EntryId | number | undefined;
  readonly to?: EntryId | number | undefined;
  /** Where tapes are kept. */
  readonly folder: string;
  /** Told of how much of the log was read for a tape. */
  readonly onProgress?: (events: number) => void;
  /** Tapes up to so many bytes stay in memory for the next run; 0 where not said. */
  readonly keepsBytes?: number | undefined;
}

/** A span of a recording as runs over it need it: opened once, it may be run over many times. */
export interface RecordedSpan {
  readonly scale: Scale;
  /** From its first entry to its last, ms; 0 where it has none. */
  readonly lengthMs: number;
  /** Events of the recording by channel; undefined: it does not say. */
  readonly counts: Readonly<Record<string, number>> | undefined;
  /** Its tape, part by part; none where nothing is recorded in the span. */
  tapes(): AsyncIterable<Tape>;
  /** undefined: nothing is recorded in the span. */
  candles(interval: KlineInterval): Promise<BarTape | undefined>;
  /** Settlements of a run over these candles. @param named the recording that they are to be taken from */
  funding(bars: BarTape, named: string | undefined): Promise<FoundFunding>;
}

/** @throws BadInput where nothing is recorded that says the instrument's scale */
export async function openRecordedSpan(options: SpanOptions): Promise<RecordedSpan> {
  const { redis, instrument, recording, from, to, folder, onProgress, keepsBytes = 0 } = options;
  const scale = await scaleBefore(redis, rawKey(instrument, recording), to ?? '+');
  if (scale === undefined) throw new BadInput(`${instrument}, recording ${recording}: nothing is recorded up to there`);
  const ends = await spanEnds(redis, rawKey(instrument, recording), from, to);
  const lengthMs = ends === undefined ? 0 : parseEntryId(ends.last).ms - parseEntryId(ends.first).ms;
  const counts = (await describeRecording(redis, instrument, recording))?.counts;
  const candles = new Map<KlineInterval, Promise<BarTape | undefined>>();
  const fundings = new Map<string | undefined, Promise<FoundFunding>>();
  let kept: Tape[] | undefined;

  async function* read(): AsyncIterable<Tape> {
    const span = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    // Building the tape is progress too.
    const building = onProgress === undefined ? {} : { onProgress };
    const file = await ensureTape({ redis, instrument, recording, folder, scale: scale!, ...span, ...building });
    if (file === undefined) return;
    let keeping: Tape[] | undefined = [];
    let bytes = 0;
    for await (const tape of readTapeFile(file)) {
      bytes += bytesOf(tape);
      if (bytes > keepsBytes) keeping = undefined;
      keeping?.push(tape);
      yield tape;
    }
    kept = keeping;
  }

  return {
    scale,
    lengthMs,
    counts,
    async *tapes() {
      yield* kept ?? read();
    },
    candles(interval) {
      let found = candles.get(interval);
      if (found === undefined) {
        found = ensureBarTape({ redis, instrument, recording, interval, from, to, scale, folder, onProgress });
        candles.set(interval, found);
      }
      return found;
    },
    funding(bars, named) {
      let found = fundings.get(named);
      if (found === undefined) {
        found = findFunding({ redis, instrument, recording, scale, folder, named }, bars);
        fundings.set(named, found);
      }
      return found;
    },
  };
}

function bytesOf(tape: Tape): number {
  const columns = Object.values(tape) as unknown[];
  return columns.reduce<number>((sum, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0), 0);
}
