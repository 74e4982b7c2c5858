/** Ids count from here, so that they stay far below 2^53: 2026-01-01T00:00:00Z. */
export const VENUE_EPOCH_MS = Date.UTC(2026, 0, 1);

/** Update ids that a millisecond holds; they are tied to the time, so a later start has larger ones. */
export const UPDATE_IDS_PER_MS = 256;

/** Trades and aggregates that a millisecond may have on average: a later start begins above all earlier ids. */
export const TRADE_IDS_PER_MS = 8;

/**
 * Update ids of the whole exchange: one counter over all symbols, as at Binance, so that a symbol's own ids have holes.
 * An id is at least `(time − VENUE_EPOCH_MS) × 256` and always above the one before.
 */
export interface UpdateIds {
  readonly last: () => number;
  readonly next: (timeMs: number) => number;
}

export function updateIds(anchorMs: number): UpdateIds {
  let last = (anchorMs - VENUE_EPOCH_MS) * UPDATE_IDS_PER_MS;
  return {
    last: () => last,
    next: (timeMs) => {
      last = Math.max(last + 1, Math.floor((timeMs - VENUE_EPOCH_MS) * UPDATE_IDS_PER_MS));
      return last;
    },
  };
}

/** First trade id, and first aggregate id, of a run that starts at `anchorMs`. */
export function firstTradeId(anchorMs: number): number {
  return (anchorMs - VENUE_EPOCH_MS) * TRADE_IDS_PER_MS;
}
