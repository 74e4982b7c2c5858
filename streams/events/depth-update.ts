import { createFieldScanner } from './field-scanner.ts';
import { createLevelsReader, type Levels } from './levels.ts';
import type { Scale } from './scale.ts';

/** Changed price levels of the book since the previous update. Lent: see `Levels`. */
export interface DepthUpdate {
  readonly type: 'depthUpdate';
  /** Binance `E`: when the venue sent it, ms since the epoch. */
  readonly eventTimeMs: number;
  /** Binance `T`: when the matching engine made the change, ms since the epoch; `E` on spot, which has no `T`. */
  readonly transactionTimeMs: number;
  /** Binance `U`. */
  readonly firstUpdateId: number;
  /** Binance `u`. */
  readonly finalUpdateId: number;
  /** `u` of the event before: Binance `pu`; on spot, which has none, `U` − 1. */
  readonly previousFinalUpdateId: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Decoder of `<symbol>@depth` payloads, USD-M and spot. It gives the same object each time, with new contents.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Diff-Book-Depth-Streams
 */
export function createDepthUpdateDecoder(): (payload: Uint8Array, scale: Scale) => DepthUpdate {
  const bids = createLevelsReader('depth', 'b');
  const asks = createLevelsReader('depth', 'a');
  let scale: Scale;
  const fields = createFieldScanner('depth', ['E', 'T', 'U', 'u', 'pu', 'b', 'a'], {
    b: (bytes, start, end) => bids.read(bytes, start, end, scale),
    a: (bytes, start, end) => asks.read(bytes, start, end, scale),
  });
  const { E, T, U, u, pu, b, a } = fields.slots;
  const event: Mutable<DepthUpdate> = {
    type: 'depthUpdate',
    eventTimeMs: 0,
    transactionTimeMs: 0,
    firstUpdateId: 0,
    finalUpdateId: 0,
    previousFinalUpdateId: 0,
    bids,
    asks,
  };
  return (payload, scaleNow) => {
    scale = scaleNow;
    fields.scan(payload);
    fields.require(b, 'an array of price levels');
    fields.require(a, 'an array of price levels');
    event.eventTimeMs = fields.integer(E);
    event.firstUpdateId = fields.integer(U);
    event.finalUpdateId = fields.integer(u);
    // Futures send both, spot neither.
    const isFutures = fields.has(T) || fields.has(pu);
    event.transactionTimeMs = isFutures ? fields.integer(T) : event.eventTimeMs;
    event.previousFinalUpdateId = isFutures ? fields.integer(pu) : event.firstUpdateId - 1;
    return event;
  };
}
