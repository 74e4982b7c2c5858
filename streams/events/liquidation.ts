import { createFieldScanner } from './field-scanner.ts';

/**
 * A liquidation order. The venue sends at most one a second for each symbol, so these are a sample, not the volume.
 * Plain numbers: the average price lies off the tick grid.
 */
export interface Liquidation {
  readonly type: 'liquidation';
  /** Binance `o.T`: trade time, ms since the epoch. */
  readonly transactionTimeMs: number;
  /** Side of the liquidation order: `sell` closes a long. */
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly averagePrice: number;
  readonly qty: number;
  /** Accumulated filled quantity. */
  readonly filledQty: number;
  readonly status: string;
}

/**
 * Decoder of `<symbol>@forceOrder` payloads.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Liquidation-Order-Streams
 */
export function createLiquidationDecoder(): (payload: Uint8Array) => Liquidation {
  const order = createFieldScanner('forceOrder/o', ['S', 'q', 'p', 'ap', 'X', 'z', 'T']);
  const { S, q, p, ap, X, z, T } = order.slots;
  const fields = createFieldScanner('forceOrder', ['E', 'o']);
  const { E, o } = fields.slots;
  return (payload) => {
    fields.scan(payload);
    fields.integer(E);
    const [start, end] = fields.range(o);
    order.scan(fields.bytes(), start, end);
    return {
      type: 'liquidation',
      transactionTimeMs: order.integer(T),
      side: order.oneOf(S, ['BUY', 'SELL']) === 'BUY' ? 'buy' : 'sell',
      price: order.number(p),
      averagePrice: order.number(ap),
      qty: order.number(q),
      filledQty: order.number(z),
      status: order.text(X),
    };
  };
}
