import type { Redis } from 'ioredis';
import { openRecordedSpan, type RecordedSpan } from '../backtest/recorded-span.ts';
import type { TrialMarket } from './run-trial.ts';
import type { TrialAsk } from './trial.ts';

/** A window's training span and its test span. */
const SPANS_KEPT = 2;
/** Bytes of one span's tapes that stay in memory; longer ones are read from their file with each trial. */
const BYTES_KEPT = 256 << 20;

/** Opens the span of a trial. */
export type OpenSpan = (ask: Pick<TrialAsk, 'fromMs' | 'toMs'>) => Promise<RecordedSpan>;

/** Keeps the spans that were asked for last open: the trials of a window run over the same ones many times. */
export function createKeptSpans(redis: Redis, { instrument, recording, folder }: TrialMarket): OpenSpan {
  const kept = new Map<string, Promise<RecordedSpan>>();
  return ({ fromMs, toMs }) => {
    const key = `${fromMs}-${toMs}`;
    const options = { redis, instrument, recording, folder, from: fromMs, to: toMs - 1, keepsBytes: BYTES_KEPT };
    const span = kept.get(key) ?? openRecordedSpan(options);
    // The last one asked for comes last.
    kept.delete(key);
    kept.set(key, span);
    if (kept.size > SPANS_KEPT) kept.delete(kept.keys().next().value!);
    return span;
  };
}
