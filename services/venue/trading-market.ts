import type { PositionSide } from '../../operators/account/account-event.ts';
import type { OrderSide, SelfTradePrevention } from '../../operators/matching/order.ts';

/** An order on its way into a market; it has been checked already. */
export interface MarketOrder {
  /** The venue's id, new for each order. */
  readonly orderId: number;
  /** Whose it is: orders of one owner are kept from trading with each other. */
  readonly owner: string;
  readonly symbol: string;
  readonly side: OrderSide;
  /** Undefined: a market order. */
  readonly limitTicks: number | undefined;
  readonly qtySteps: number;
  /** What is not filled at once rests. */
  readonly rests: boolean;
  readonly positionSide: PositionSide;
  readonly isReduceOnly: boolean;
  readonly selfTradePrevention: SelfTradePrevention;
}

/** A fill of an account's order. */
export interface MarketFill {
  readonly orderId: number;
  readonly tradeId: number;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly isMaker: boolean;
  /** ms since the epoch, as in everything here. */
  readonly timeMs: number;
}

/** A mark price as it is published; amounts and rates in 1e-8. */
export interface MarkNow {
  readonly markPriceE8: number;
  readonly timeMs: number;
}

/** Hears what happens in a market, in the order in which it does. It must not place orders while it hears, but may take some away. */
export interface TradingListener {
  readonly onFill: (fill: MarketFill) => void;
  /** An order is in the market no more, other than by a fill or a cancellation: `match` where it met one of its own account. */
  readonly onExpired: (orderId: number, why: 'match' | 'reduce-only', timeMs: number) => void;
  /** By how many steps an order of that side can make its owner's position smaller. */
  readonly reducibleSteps: (owner: string, symbol: string, side: OrderSide, positionSide: PositionSide) => number;
  /** Somebody traded at this price. */
  readonly onTrade: (symbol: string, priceTicks: number) => void;
  readonly onMark: (symbol: string, mark: MarkNow) => void;
  readonly onFunding: (symbol: string, rateE8: number, markPriceE8: number, timeMs: number) => void;
  /** All that was due has happened; now orders may be placed. */
  readonly onTurn: (timeMs: number) => void;
}

/** Where the orders of accounts are matched: the model's own book, or a recording that they do not change. */
export interface TradingMarket {
  readonly begin: (listener: TradingListener) => void;
  /** Brings the market up to the present, and says its time. */
  readonly catchUp: () => number;
  readonly mark: (symbol: string) => MarkNow | undefined;
  readonly lastTicks: (symbol: string) => number | undefined;
  /** Best price of orders of this side; undefined where there are none, or the book is not known. */
  readonly bestTicks: (symbol: string, side: OrderSide) => number | undefined;
  /** How much of an order could be filled at once. */
  readonly offeredSteps: (order: MarketOrder) => number;
  /** @returns the steps that rest; what is neither filled nor resting is gone */
  readonly place: (order: MarketOrder) => number;
  readonly cancel: (symbol: string, orderId: number) => void;
  /** Leaves `leftSteps` of an order, at least 1, in its place. */
  readonly reduceTo: (symbol: string, orderId: number, leftSteps: number) => void;
}
