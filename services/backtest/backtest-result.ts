/** A gap of the data that the run went over, or a stretch in which the book could not be trusted. */
export interface InvalidSpan {
  /** ms since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  /** `sequence`, `disconnected`, … as in a gap event; `book` where the book was invalid for another reason. */
  readonly reason: string;
}

/** How an order came to be filled: a trade reached it in its queue, the price went through it, or it took from the book. */
export type FillOutcome = 'queue' | 'through' | 'taker' | 'liquidation';

export interface BacktestFill {
  /** When it happened at the exchange, ms since the epoch (parts of one are possible). */
  readonly timeMs: number;
  readonly orderId: number;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  /** Base asset, above 0. */
  readonly qty: number;
  readonly isMaker: boolean;
  readonly outcome: FillOutcome;
  /** Quote asset; positive: paid, negative: a rebate. */
  readonly fee: number;
  /** Of the part that closed a position, before fees; quote asset. */
  readonly realisedPnl: number;
  /** Midprice at the exchange when the order was sent, and when it was filled. */
  readonly midWhenSent: number;
  readonly midWhenFilled: number;
}

export interface FundingPayment {
  readonly timeMs: number;
  readonly rate: number;
  /** Quote asset; positive: received. */
  readonly amount: number;
}

/** Samples of the account, equally long columns, in order of time. */
export interface EquityCurve {
  /** ms since the epoch. */
  readonly timesMs: Float64Array;
  /** Wallet balance and unrealised profit, quote asset. */
  readonly equity: Float64Array;
  /** Base asset; negative: short. */
  readonly position: Float64Array;
  /** Price by which the position is valued. */
  readonly price: Float64Array;
}

export interface OrderCounts {
  readonly sent: number;
  readonly filled: number;
  readonly cancelled: number;
  /** Orders that the exchange refused, by Binance's code. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Orders that were stopped by a risk limit before they were sent, by the limit's name. */
  readonly stopped: Readonly<Record<string, number>>;
}

/** What decides on the outcome of a run; the run is named by its hash. */
export interface BacktestSettings {
  readonly strategy: string;
  /** SHA-256 of the strategy's file. */
  readonly strategyHash: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly instrument: string;
  readonly recording: string;
  /** First and last entry of the log that the run is of. */
  readonly fromEntryId: string;
  readonly toEntryId: string;
  readonly seed: number;
  readonly initialBalance: number;
  readonly leverage: number;
  readonly makerFee: number;
  readonly takerFee: number;
  /** What stopped orders before they were sent, as `RiskLimits` has them; those without a bound are left out. */
  readonly limits: Readonly<Record<string, number>>;
  /** Names of the models, such as `risk-averse`, `constant 5 ms`, and what each assumes. */
  readonly models: Readonly<Record<string, string>>;
  /** Version of Don's simulator. */
  readonly simulator: string;
}

/** Everything that a backtest found: what its report is made of. Plain data. */
export interface BacktestResult {
  /** First 16 hex digits of the SHA-256 of the settings. */
  readonly id: string;
  readonly settings: BacktestSettings;
  /** ms since the epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly curve: EquityCurve;
  readonly fills: readonly BacktestFill[];
  readonly funding: readonly FundingPayment[];
  readonly orders: OrderCounts;
  readonly invalidSpans: readonly InvalidSpan[];
  readonly liquidations: number;
  /** What the reader must know, such as a coarser model of candles. */
  readonly warnings: readonly string[];
}
