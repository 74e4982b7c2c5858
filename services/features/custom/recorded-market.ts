import type { Redis } from 'ioredis';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { startInputs } from '../../../pipelines/book-at.ts';
import { createFeatureInputs } from '../../../pipelines/feature-inputs.ts';
import type { Scale } from '../../../streams/events/scale.ts';
import type { RecordingName } from '../../../streams/recordings.ts';
import { replay } from '../../../streams/replay.ts';
import { type CheckedMarket, madeFuture, reversedBars } from './checked-market.ts';
import { timeOf } from './made-inputs.ts';

/** Which part of a recording a feature is checked on. Plain data. */
export interface RecordedSpan extends RecordingName {
  readonly redisUrl: string;
  /** Receive times, µs since the epoch, both included; undefined: as the recording begins, and two hours on. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

/** What of it was looked at. */
export interface CoveredSpan extends RecordingName {
  /** Receive times of the first and the last event, µs since the epoch; null where there are none. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
  readonly events: number;
  /** Whether the span has more than one check holds. */
  readonly isCut: boolean;
  /** Rows that the feature said of it. */
  readonly rows: number;
}

interface LoggedPayload {
  readonly channel: string;
  readonly payload: Uint8Array;
}

const SPAN_DEFAULT_US = 2 * 3_600 * 1_000_000;
/** A check goes through them some dozens of times. */
const EVENTS_MAX = 40_000;
const BYTES_MAX = 64 * 1024 * 1024;

/** Reads a part of a recording into memory, as a market to check features on. */
export async function recordedMarket(
  redis: Redis,
  { instrument, recording, fromUs, toUs }: RecordedSpan,
): Promise<{ readonly market: CheckedMarket; readonly covered: Omit<CoveredSpan, 'rows'> }> {
  const name = { instrument, recording };
  const start = fromUs === undefined ? undefined : await startInputs(redis, name, Math.floor(fromUs / 1_000), true);
  const log: LoggedPayload[] = [];
  let [firstUs, lastUs]: [number | null, number | null] = [null, null];
  let bytes = 0;
  let isCut = false;
  const pages = replay({ redis, ...name, ...(start === undefined ? {} : { from: start.from }) });
  reading: for await (const entries of pages)
    for (const { channel, payload, receiveTimeUs } of entries.flatMap(({ events }) => events)) {
      firstUs ??= receiveTimeUs;
      if (receiveTimeUs > (toUs ?? (fromUs ?? firstUs) + SPAN_DEFAULT_US)) break reading;
      isCut = log.length >= EVENTS_MAX || bytes >= BYTES_MAX;
      if (isCut) break reading;
      log.push({ channel, payload });
      bytes += payload.length;
      lastUs = Math.max(lastUs ?? 0, receiveTimeUs);
    }
  const covered = { ...name, fromUs: log.length === 0 ? null : firstUs, toUs: lastUs, events: log.length, isCut };
  return { market: marketOf(`${recording} of ${instrument}`, log, start?.scale), covered };
}

function marketOf(name: string, log: readonly LoggedPayload[], scale: Scale | undefined): CheckedMarket {
  return {
    name,
    inputs: () => inputsOf(log, scale),
    *inputsWithout(fromMs, variant) {
      let lastMs = fromMs;
      for (const input of inputsOf(log, scale)) {
        lastMs = Math.max(lastMs, timeOf(input));
        if (timeOf(input) < fromMs) yield input;
      }
      if (variant > 0) yield* madeFuture(variant, fromMs, lastMs);
    },
    otherBars: (bars, variant) => (variant === 0 ? [] : reversedBars(bars, variant)),
  };
}

function* inputsOf(log: readonly LoggedPayload[], scale: Scale | undefined): Generator<FeatureInput> {
  const waiting: FeatureInput[] = [];
  const inputs = createFeatureInputs((input) => waiting.push(input), { scale });
  for (const { channel, payload } of log) {
    inputs.push(channel, payload);
    yield* waiting;
    waiting.length = 0;
  }
}
