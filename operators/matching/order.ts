import type { PositionSide } from '../account/account-event.ts';

/** Which way an order trades. */
export type OrderSide = 'buy' | 'sell';

/**
 * GTC rests until it is cancelled, IOC fills what it can at once, FOK all at once or nothing, GTX (post only) is refused
 * where it would take, GTD rests up to a time.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/common-definition
 */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTX' | 'GTD';

/** Which of two own orders ends, where one would trade with the other: the one that takes, the one that rests, or both. */
export type SelfTradePrevention = 'NONE' | 'EXPIRE_TAKER' | 'EXPIRE_MAKER' | 'EXPIRE_BOTH';

/** What a strategy asks the exchange for. */
export interface OrderRequest {
  /** The strategy's own number, new for each order. */
  readonly orderId: number;
  readonly side: OrderSide;
  readonly type: 'LIMIT' | 'MARKET';
  /** Of a limit order. */
  readonly timeInForce: TimeInForce;
  /** Of a limit order. */
  readonly priceTicks: number;
  readonly qtySteps: number;
  /** May only make the position smaller. */
  readonly isReduceOnly: boolean;
  /** BOTH where it is not said, as in one-way mode. */
  readonly positionSide?: PositionSide;
  /** NONE where it is not said. */
  readonly selfTrade?: SelfTradePrevention;
  /** Of GTD: up to when it rests, ms since the epoch. */
  readonly goodTillMs?: number;
}

/** A change of a limit order that rests. */
export interface AmendRequest {
  readonly orderId: number;
  readonly priceTicks: number;
  /** Of the whole order, what is filled of it included. */
  readonly qtySteps: number;
}

/**
 * How an order came to be filled: a trade reached it in its queue, the price went through it, it took from the book, or the
 * exchange itself closed a position.
 */
export type FillKind = 'queue' | 'through' | 'taker' | 'liquidation';

/** An order in the book: an entry of its level's queue, as far as that can be known. Plain data. */
export interface RestingOrder {
  readonly orderId: number;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  /** May only make its position smaller: it is reduce-only, or closes a side of a hedge. */
  readonly isReduceOnly: boolean;
  readonly isPostOnly: boolean;
  priceTicks: number;
  /** What is left of it. */
  leftSteps: number;
  /** Others' quantity in front of it, as the queue model has it; below 0: it has been reached. */
  frontSteps: number;
  /** Traded at its price since the level was last told: that much of the level's next change is no cancellation. */
  tradedSteps: number;
  /** Quantity of its level when it was last told; NaN: not known, since the book was not valid. */
  levelSteps: number;
  /** What was filled of it. */
  filledSteps: number;
  /** How often it was changed. */
  amends: number;
}

/** Whose fill it is. */
export type FilledOrder = Pick<OrderRequest, 'orderId' | 'side' | 'positionSide'>;

/** Why an order ended without being filled, as the exchange says it; the last one by self-trade prevention. */
export type OrderEnd = 'CANCELED' | 'EXPIRED' | 'REJECTED' | 'EXPIRED_IN_MATCH';

/** Hears what becomes of orders, in the order in which it happens at the exchange. */
export interface ExchangeListener {
  readonly onAccepted: (orderId: number) => void;
  /** It stands in the book, with what is left of it. */
  readonly onRest?: (orderId: number, priceTicks: number, leftSteps: number) => void;
  readonly onFill: (order: FilledOrder, priceTicks: number, qtySteps: number, kind: FillKind, isLast: boolean) => void;
  /** @param code Binance's error code; 0 where there is none */
  readonly onEnd: (orderId: number, end: OrderEnd, code: number) => void;
  /** A cancellation or change of an order that is not there (any more). */
  readonly onUnknown: (orderId: number, code: number) => void;
  /** A conditional order has been triggered: it is placed as this one next. */
  readonly onTriggered?: (order: OrderRequest) => void;
  /** An order was changed, with what is left of it then: it is out of the book, and placed anew next. */
  readonly onAmended?: (orderId: number, priceTicks: number, leftSteps: number) => void;
  /** A change was refused: the order is as it was. */
  readonly onAmendRejected?: (orderId: number, code: number) => void;
}
