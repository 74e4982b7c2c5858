/** What happens to an account. Plain JSON, as it is written to the ledger; amounts, prices and rates in 1e-8 (`E8`). */
export type AccountEvent =
  | Deposit
  | Withdrawal
  | LeverageSet
  | MarginTypeSet
  | PositionModeSet
  | FeeTierSet
  | IsolatedMarginMoved
  | OrderOpened
  | OrderEnded
  | Fill
  | MarkPriceSaid
  | FundingSettled
  | Liquidation;

/** `BOTH` in one-way mode; the side that an order belongs to in hedge mode. */
export type PositionSide = 'BOTH' | 'LONG' | 'SHORT';
export type OrderSide = 'buy' | 'sell';
export type MarginType = 'cross' | 'isolated';
export type PositionMode = 'oneWay' | 'hedge';

export interface Deposit {
  readonly type: 'deposit';
  /** ms since the epoch, as in every event. */
  readonly timeMs: number;
  /** Positive. */
  readonly amountE8: number;
}

export interface Withdrawal {
  readonly type: 'withdrawal';
  readonly timeMs: number;
  /** Positive. */
  readonly amountE8: number;
}

export interface LeverageSet {
  readonly type: 'leverageSet';
  readonly timeMs: number;
  readonly instrument: string;
  readonly leverage: number;
}

export interface MarginTypeSet {
  readonly type: 'marginTypeSet';
  readonly timeMs: number;
  readonly instrument: string;
  readonly marginType: MarginType;
}

/** Of the whole account, as on Binance. */
export interface PositionModeSet {
  readonly type: 'positionModeSet';
  readonly timeMs: number;
  readonly positionMode: PositionMode;
}

export interface FeeTierSet {
  readonly type: 'feeTierSet';
  readonly timeMs: number;
  /** VIP level, 0 for the first. */
  readonly tier: number;
  readonly hasBnbDiscount: boolean;
}

/** Margin of an isolated position was added out of the cross balance, or removed into it. */
export interface IsolatedMarginMoved {
  readonly type: 'isolatedMarginMoved';
  readonly timeMs: number;
  readonly instrument: string;
  readonly positionSide: PositionSide;
  readonly direction: 'add' | 'remove';
  /** Positive. */
  readonly amountE8: number;
}

/** An order rests in the book, and its margin is held. */
export interface OrderOpened {
  readonly type: 'orderOpened';
  readonly timeMs: number;
  readonly instrument: string;
  readonly orderId: string;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly isReduceOnly: boolean;
}

/** What was left of an open order is in the book no more, other than by a fill: canceled, expired, amended. */
export interface OrderEnded {
  readonly type: 'orderEnded';
  readonly timeMs: number;
  readonly instrument: string;
  readonly orderId: string;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  /** The price at which it was opened. */
  readonly priceTicks: number;
  /** What was left of it. */
  readonly qtySteps: number;
  readonly isReduceOnly: boolean;
}

export interface Fill {
  readonly type: 'fill';
  readonly timeMs: number;
  readonly instrument: string;
  readonly orderId: string;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly isMaker: boolean;
  readonly isReduceOnly: boolean;
  /** The price at which the order was opened (`orderOpened`), so that its margin is let go; null where it never rested. */
  readonly openedAtTicks: number | null;
  /** The fee that a venue said, in the quote asset; null: by the account's tier. Negative is a rebate. */
  readonly feeE8: number | null;
}

export interface MarkPriceSaid {
  readonly type: 'markPrice';
  readonly timeMs: number;
  readonly instrument: string;
  readonly markPriceE8: number;
}

/** Funding was settled for those who had a position at this instant. */
export interface FundingSettled {
  readonly type: 'fundingSettled';
  readonly timeMs: number;
  readonly instrument: string;
  /** Positive where longs pay. */
  readonly rateE8: number;
  /** The mark price by which it was settled. */
  readonly markPriceE8: number;
}

/** Steps of a position were taken by the liquidation engine. Its open orders have been ended before. */
export interface Liquidation {
  readonly type: 'liquidation';
  readonly timeMs: number;
  readonly instrument: string;
  readonly positionSide: PositionSide;
  /** Positive, at most what the position has. */
  readonly qtySteps: number;
  /** What these steps were taken for, not negative: price × quantity. */
  readonly notionalE8: number;
}
