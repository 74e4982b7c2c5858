import { isObject } from '../api/fields.ts';

/** How long events took from being received to being shown. */
export interface Lag {
  /** Counts an event that was received at `receivedMs`; it is shown with the next frame. */
  add(receivedMs: number): void;
  /** Called when a frame is painted. */
  painted(nowMs: number): void;
  /** Median and 99th percentile of the last events, ms; null before the first. */
  summary(): { readonly p50Ms: number; readonly p99Ms: number } | null;
}

const SAMPLES_MAX = 512;

export function createLag(): Lag {
  const lags = new Float64Array(SAMPLES_MAX);
  let count = 0;
  let waiting: number[] = [];
  return {
    add(receivedMs) {
      // Hidden pages do not paint; what waits for that is bounded like the rest.
      if (waiting.length < SAMPLES_MAX) waiting.push(receivedMs);
    },
    painted(nowMs) {
      for (const receivedMs of waiting) lags[count++ % SAMPLES_MAX] = Math.max(0, nowMs - receivedMs);
      waiting = [];
    },
    summary() {
      if (count === 0) return null;
      const sorted = lags.slice(0, Math.min(count, SAMPLES_MAX)).sort();
      const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
      return { p50Ms: at(0.5), p99Ms: at(0.99) };
    },
  };
}

/** When the recorder received the event, ms since the epoch: its row says so, else its id; null where neither does. */
export function receivedMsOf(data: unknown, eventId: string, instrument: string): number | null {
  const receiveTimeUs = isObject(data) ? data['receive_time'] : undefined;
  return typeof receiveTimeUs === 'number' ? receiveTimeUs / 1000 : appendedMsOf(eventId, instrument);
}

/**
 * ms since the epoch at which the log received the event of `instrument` that an event id tells of: an identity
 * `1723161255088-0:3`, or, in a stream of several instruments, `simulated:BTCUSDT@1723161255088-0:3,…`; null where it
 * tells of none.
 */
function appendedMsOf(eventId: string, instrument: string): number | null {
  const own = eventId.split(',').find((part) => part.startsWith(`${instrument}@`));
  const identity = own === undefined ? eventId : own.slice(instrument.length + 1);
  const milliseconds = /^(\d+)-\d+/.exec(identity)?.[1];
  return milliseconds === undefined ? null : Number(milliseconds);
}
