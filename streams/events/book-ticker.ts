import { createFieldScanner } from './field-scanner.ts';
import type { Scale } from './scale.ts';

/** Best bid and ask as the venue itself says them. */
export interface BookTicker {
  readonly type: 'bookTicker';
  /** Binance `u`. */
  readonly updateId: number;
  /** Binance `E`, ms since the epoch; null on spot, which has none. */
  readonly eventTimeMs: number | null;
  readonly bidTicks: number;
  readonly bidSteps: number;
  readonly askTicks: number;
  readonly askSteps: number;
}

/**
 * Decoder of `<symbol>@bookTicker` payloads.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Individual-Symbol-Book-Ticker-Streams
 */
export function createBookTickerDecoder(): (payload: Uint8Array, scale: Scale) => BookTicker {
  const fields = createFieldScanner('bookTicker', ['u', 'E', 'b', 'B', 'a', 'A']);
  const { u, E, b, B, a, A } = fields.slots;
  return (payload, { price, qty }) => {
    fields.scan(payload);
    return {
      type: 'bookTicker',
      updateId: fields.integer(u),
      eventTimeMs: fields.has(E) ? fields.integer(E) : null,
      bidTicks: fields.count(b, price),
      bidSteps: fields.count(B, qty),
      askTicks: fields.count(a, price),
      askSteps: fields.count(A, qty),
    };
  };
}
