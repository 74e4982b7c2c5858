import type { EventToAppend } from '../../streams/entry.ts';
import { intervalMsOf } from './kline-interval.ts';

/** Candles that are missing in front of one, as open times in ms. */
export interface CandleGap {
  readonly expected: string;
  readonly found: string;
}

/**
 * Finds holes between the candles of a table. Candles do not name the one before them, so the log cannot see them; but
 * a table has every candle of its span, so a longer distance is a hole.
 */
export function createCandleGaps(): {
  before(event: EventToAppend): CandleGap | undefined;
  /** The hole behind the last candle is marked already. */
  forget(channel: string): void;
} {
  const lastOpenMs = new Map<string, number>();
  return {
    before({ channel, payload }) {
      const intervalMs = intervalMsOf(channel.slice('kline_'.length));
      const openMs = Number.parseInt(payload.toString('latin1', 1, 16), 10);
      const last = lastOpenMs.get(channel);
      lastOpenMs.set(channel, Math.max(openMs, last ?? 0));
      if (last === undefined || intervalMs === 0 || openMs <= last + intervalMs) return undefined;
      return { expected: String(last + intervalMs), found: String(openMs) };
    },
    forget(channel) {
      lastOpenMs.delete(channel);
    },
  };
}
