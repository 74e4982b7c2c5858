import { createFieldScanner } from './field-scanner.ts';
import type { Scale } from './scale.ts';

/** Which side crossed the spread. */
export type AggressorSide = 'buy' | 'sell';

/** One trade (`trade`), or the trades of one taker order at one price (`aggTrade`). */
export interface Trade {
  readonly type: 'trade';
  readonly channel: 'aggTrade' | 'trade';
  /** Binance `T`: when it was matched, ms since the epoch. */
  readonly transactionTimeMs: number;
  /** Binance `a`, or `t` on the `trade` channel. */
  readonly tradeId: number;
  readonly priceTicks: number;
  readonly qtySteps: number;
  /** Ids of the first and last trade that it is made of. */
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly aggressorSide: AggressorSide;
  /**
   * False for what `trade` reports beside the order book's own matches (insurance fund, ADL: `X` other than `MARKET`).
   * `aggTrade` never contains those.
   */
  readonly isMarket: boolean;
}

/**
 * Decoder of `<symbol>@aggTrade` payloads and of the elements of REST `aggTrades`, which have the same names.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Aggregate-Trade-Streams
 */
export function createAggTradeDecoder(): (payload: Uint8Array, scale: Scale) => Trade {
  const fields = createFieldScanner('aggTrade', ['a', 'p', 'q', 'f', 'l', 'T', 'm']);
  const { a, p, q, f, l, T, m } = fields.slots;
  return (payload, scale) => {
    fields.scan(payload);
    return {
      type: 'trade',
      channel: 'aggTrade',
      transactionTimeMs: fields.integer(T),
      tradeId: fields.integer(a),
      priceTicks: fields.count(p, scale.price),
      qtySteps: fields.count(q, scale.qty),
      firstTradeId: fields.integer(f),
      lastTradeId: fields.integer(l),
      aggressorSide: fields.boolean(m) ? 'sell' : 'buy',
      isMarket: true,
    };
  };
}

const MARKET = Buffer.from('MARKET');

/** Decoder of `<symbol>@trade` payloads, USD-M (undocumented there, but sent) and spot. */
export function createTradeDecoder(): (payload: Uint8Array, scale: Scale) => Trade {
  const fields = createFieldScanner('trade', ['t', 'p', 'q', 'T', 'm', 'X']);
  const { t, p, q, T, m, X } = fields.slots;
  return (payload, scale) => {
    fields.scan(payload);
    const tradeId = fields.integer(t);
    return {
      type: 'trade',
      channel: 'trade',
      transactionTimeMs: fields.integer(T),
      tradeId,
      priceTicks: fields.count(p, scale.price),
      qtySteps: fields.count(q, scale.qty),
      firstTradeId: tradeId,
      lastTradeId: tradeId,
      aggressorSide: fields.boolean(m) ? 'sell' : 'buy',
      isMarket: !fields.has(X) || fields.is(X, MARKET) || fields.text(X) === 'MARKET',
    };
  };
}
