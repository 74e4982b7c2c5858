export type OrderSide = 'buy' | 'sell';

/**
 * GTC rests until it is cancelled, IOC fills what it can at once, FOK all at once or nothing, GTX (post only) is refused
 * where it would take.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/common-definition
 */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'GTX';

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
  readonly isReduceOnly: boolean;
  priceTicks: number;
  /** What is left of it. */
  leftSteps: number;
  /** Others' quantity in front of it, as the queue model has it; below 0: it has been reached. */
  frontSteps: number;
  /** Traded at its price since the level was last told: that much of the level's next change is no cancellation. */
  tradedSteps: number;
  /** Quantity of its level when it was last told; NaN: not known, since the book was not valid. */
  levelSteps: number;
}

/** Whose fill it is. */
export type FilledOrder = Pick<RestingOrder, 'orderId' | 'side'>;

/** Why an order ended without being filled, as the exchange says it. */
export type OrderEnd = 'CANCELED' | 'EXPIRED' | 'REJECTED';

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
}

/** Binance's error codes, as far as the simulated exchange answers with them. */
export const ERROR_CODES = {
  /** Unknown order sent: a cancellation of one that is not there. */
  cancelRejected: -2011,
  /** No such order: a change of one that is not there. */
  noSuchOrder: -2013,
  /** Unable to fill: a market order where nothing is offered. */
  unableToFill: -2020,
  /** Quantity is not above zero. */
  qtyTooSmall: -4003,
  /** Price is not on the grid of ticks. */
  priceOffGrid: -4014,
  /** Quantity is not on the grid of steps. */
  qtyOffGrid: -4023,
  /** Reduce-only order is rejected: there is no position that it would make smaller. */
  reduceOnlyRejected: -2022,
  /** Post-only order would take. */
  postOnlyRejected: -5022,
  /** Fill-or-kill order could not be filled at once. */
  fillOrKillRejected: -5021,
} as const;
