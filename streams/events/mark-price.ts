import { createFieldScanner } from './field-scanner.ts';

/** Mark price and funding of a perpetual. Plain numbers: these prices lie off the tick grid. */
export interface MarkPrice {
  readonly type: 'markPrice';
  /** Binance `E`, ms since the epoch. */
  readonly eventTimeMs: number;
  readonly markPrice: number;
  readonly indexPrice: number;
  /** Estimated settle price `P`, only useful in the last hour before settlement; null where it is not sent. */
  readonly settlePrice: number | null;
  /** Rate of the coming settlement, positive where longs pay; null on a contract without funding. */
  readonly fundingRate: number | null;
  /** When that settlement is, ms since the epoch; null on a contract without funding. */
  readonly nextFundingTimeMs: number | null;
}

/**
 * Decoder of `<symbol>@markPrice` payloads.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/Mark-Price-Stream
 */
export function createMarkPriceDecoder(): (payload: Uint8Array) => MarkPrice {
  const fields = createFieldScanner('markPrice', ['E', 'p', 'i', 'P', 'r', 'T']);
  const { E, p, i, P, r, T } = fields.slots;
  return (payload) => {
    fields.scan(payload);
    // A delivery contract has no funding: the venue sends `"r":""` and `"T":0`.
    const hasFunding = fields.has(r) && fields.text(r) !== '';
    return {
      type: 'markPrice',
      eventTimeMs: fields.integer(E),
      markPrice: fields.number(p),
      indexPrice: fields.number(i),
      settlePrice: fields.has(P) ? fields.number(P) : null,
      fundingRate: hasFunding ? fields.signedNumber(r) : null,
      nextFundingTimeMs: hasFunding ? fields.integer(T) : null,
    };
  };
}
