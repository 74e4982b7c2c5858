import { createFieldScanner } from './field-scanner.ts';
import { createLevelsReader, type Levels } from './levels.ts';
import type { Scale } from './scale.ts';

/** The book as REST `depth` answered it: every level within its limit. Lent: see `Levels`. */
export interface DepthSnapshot {
  readonly type: 'depthSnapshot';
  /** Update id of the last change that the snapshot contains. */
  readonly lastUpdateId: number;
  /** Binance `E`, ms since the epoch; null on spot, which has none. */
  readonly eventTimeMs: number | null;
  /** Best first. */
  readonly bids: Levels;
  /** Best first. */
  readonly asks: Levels;
}

/**
 * Decoder of REST `depth` answers, USD-M and spot.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/market-data/rest-api/Order-Book
 */
export function createDepthSnapshotDecoder(): (payload: Uint8Array, scale: Scale) => DepthSnapshot {
  const bids = createLevelsReader('depthSnapshot', 'bids');
  const asks = createLevelsReader('depthSnapshot', 'asks');
  let scale: Scale;
  const fields = createFieldScanner('depthSnapshot', ['lastUpdateId', 'E', 'bids', 'asks'], {
    bids: (bytes, start, end) => bids.read(bytes, start, end, scale),
    asks: (bytes, start, end) => asks.read(bytes, start, end, scale),
  });
  const { lastUpdateId, E, bids: bidsSlot, asks: asksSlot } = fields.slots;
  return (payload, scaleNow) => {
    scale = scaleNow;
    fields.scan(payload);
    fields.require(bidsSlot, 'an array of price levels');
    fields.require(asksSlot, 'an array of price levels');
    return {
      type: 'depthSnapshot',
      lastUpdateId: fields.integer(lastUpdateId),
      eventTimeMs: fields.has(E) ? fields.integer(E) : null,
      bids,
      asks,
    };
  };
}
