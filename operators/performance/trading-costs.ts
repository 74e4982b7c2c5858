/** A fill with the midprice at the exchange when its order was sent and when it was filled; quote asset. */
export interface CostedFill {
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly qty: number;
  readonly isMaker: boolean;
  readonly fee: number;
  /** Not finite: there was no book. */
  readonly midWhenSent: number;
  readonly midWhenFilled: number;
}

/** What trading cost, quote asset; positive: paid, negative: earned. */
export interface TradingCosts {
  readonly makerFees: number;
  readonly takerFees: number;
  /** Σ s (price − mid when filled) qty of fills that waited: below 0, since they earn it. */
  readonly makerSpread: number;
  /** The same of fills that took: the half-spread, and what walking through the book cost on top of it. */
  readonly takerSpread: number;
  /** Σ s (mid when filled − mid when sent) qty of fills that took: how far the market went while the order was under way. */
  readonly slippage: number;
  /** Fills without a midprice, of which spread and slippage are not known and not counted. */
  readonly withoutMid: number;
}

/**
 * Costs of fills; s is 1 for buys and −1 for sells. Spread and slippage of what took are its implementation shortfall.
 * Of an order that waited the move of the midprice is no cost of its execution: see `markouts`.
 * @see Perold (1988), "The Implementation Shortfall", J. Portfolio Management 14(3); Huang & Stoll (1996), "Dealer versus
 * Auction Markets", J. Financial Economics 41(3).
 */
export function tradingCosts(fills: readonly CostedFill[]): TradingCosts {
  const costs = { makerFees: 0, takerFees: 0, makerSpread: 0, takerSpread: 0, slippage: 0, withoutMid: 0 };
  for (const { side, price, qty, isMaker, fee, midWhenSent, midWhenFilled } of fills) {
    costs[isMaker ? 'makerFees' : 'takerFees'] += fee;
    const signedQty = side === 'buy' ? qty : -qty;
    const spread = signedQty * (price - midWhenFilled);
    const slippage = isMaker ? 0 : signedQty * (midWhenFilled - midWhenSent);
    if (Number.isFinite(spread)) costs[isMaker ? 'makerSpread' : 'takerSpread'] += spread;
    if (Number.isFinite(slippage)) costs.slippage += slippage;
    if (!Number.isFinite(spread) || !Number.isFinite(slippage)) costs.withoutMid++;
  }
  return costs;
}
