import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { InvalidSpan } from './backtest-result.ts';

/** Notes where data are missing, and where the book cannot be trusted. */
export interface InvalidSpans {
  note(event: MarketEvent, timeMs: number, isBookValid: boolean): void;
  take(): readonly InvalidSpan[];
}

export function createInvalidSpans(): InvalidSpans {
  const spans: InvalidSpan[] = [];
  let lastMs = Number.NaN;
  /** Since when the book is not valid; NaN: it is. */
  let invalidFromMs = Number.NaN;

  function endBook(toMs: number): void {
    if (toMs > invalidFromMs) spans.push({ fromMs: invalidFromMs, toMs, reason: 'book' });
    invalidFromMs = Number.NaN;
  }

  return {
    note(event, timeMs, isBookValid) {
      if (event.type === 'gap')
        spans.push({
          fromMs: Number.isNaN(lastMs) ? timeMs : lastMs,
          toMs: timeMs,
          reason: `${event.channel}: ${event.reason}`,
        });
      if (isBookValid && !Number.isNaN(invalidFromMs)) endBook(timeMs);
      else if (!isBookValid && Number.isNaN(invalidFromMs)) invalidFromMs = timeMs;
      lastMs = timeMs;
    },
    take() {
      if (!Number.isNaN(invalidFromMs)) endBook(lastMs);
      return spans;
    },
  };
}
