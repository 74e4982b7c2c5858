import type { PositionSide } from '../../operators/account/account-event.ts';
import type { OrderBook } from '../../operators/book/order-book.ts';
import type { ParameterDefinition, Parameters } from '../../operators/features/definition.ts';
import type { ClosedBar, FeatureInput } from '../../operators/features/feature-input.ts';
import type { ConditionalType } from '../../operators/matching/conditional-order.ts';
import type { FillKind, OrderSide, SelfTradePrevention, TimeInForce } from '../../operators/matching/order.ts';
import type { ConditionalTerms } from './conditional-terms.ts';
import type { WantedFeatures } from './strategy-features.ts';

/** How a parameter is declared. */
export { duration, realNumber, wholeNumber } from '../../operators/features/definition.ts';

/** What a strategy is told of the market as it comes to it: its latency is in it. */
export type StrategyEvent = FeatureInput | Timer | Heard;

/** The time for which it asked has come. */
export interface Timer {
  readonly type: 'timer';
}

/**
 * An event of the book, or a trade, was heard: after all else that is told of it, and each time, though what it told may have
 * been told before. What is to be done each so many events counts these.
 */
export interface Heard {
  readonly type: 'heard';
}

/** An own order that was filled, as it is told. */
export interface StrategyFill {
  readonly orderId: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly kind: FillKind;
  /** `BOTH` in one-way mode. */
  readonly positionSide: PositionSide;
}

/** An own order as its strategy knows it: answers are on their way. Plain data. */
export interface OwnOrder {
  readonly orderId: number;
  readonly side: OrderSide;
  /** `BOTH` in one-way mode. */
  readonly positionSide: PositionSide;
  /** May only make its position smaller: it is reduce-only, or closes a side of a hedge. */
  readonly isReduceOnly: boolean;
  priceTicks: number;
  /** Of the whole order. */
  qtySteps: number;
  /** The same, or of a change of it that is on its way, whichever is more. */
  mostSteps: number;
  leftSteps: number;
  /** `sent`: not answered yet. */
  state: 'sent' | 'open' | 'cancelling';
}

/** An own order that waits for a price, as its strategy knows it. Plain data. */
export interface OwnConditionalOrder {
  readonly orderId: number;
  readonly side: OrderSide;
  readonly positionSide: PositionSide;
  readonly type: ConditionalType;
  /** Of a trailing stop its activation price; NaN: none. */
  readonly triggerTicks: number;
  /** Of STOP and TAKE_PROFIT; NaN else. */
  readonly priceTicks: number;
  /** 0: it closes the position, whatever that is. */
  readonly qtySteps: number;
  readonly isReduceOnly: boolean;
  state: OwnOrder['state'];
}

/** What was decided, and on what: plain numbers, of which it can be decided again. */
export interface Decision {
  /** What was seen, as the one who decides sees it. */
  readonly observation: readonly number[];
  /** Where that is only the end of what was seen, of all of it: first 16 hex digits of the SHA-256 of its float32 numbers. */
  readonly digest?: string;
  readonly action: number | readonly number[];
  /** Position that is wanted, steps, negative: short. */
  readonly targetSteps: number;
  /** What the account was worth, quote asset. */
  readonly equity: number;
}

/** What a strategy sees, and what it can do. Prices in ticks, quantities in steps. */
export interface Market {
  /** Now, µs since the epoch. */
  readonly timeUs: number;
  /** The book as it has come to the strategy; not to be changed. */
  readonly book: OrderBook;
  /** Whether the book can be trusted. */
  readonly isBookValid: boolean;
  /** When the book was last told of, µs since the epoch. */
  readonly bookUs: number;
  /** Best prices; NaN where there are none. */
  readonly bidTicks: number;
  readonly askTicks: number;
  /** Steps, negative: short; as far as fills have been told. */
  readonly positionSteps: number;
  /** Own orders that may still be filled, oldest first. */
  readonly orders: readonly OwnOrder[];
  /** Own orders that wait for a price, oldest first; those that were triggered are among `orders`. */
  readonly conditionalOrders: readonly OwnConditionalOrder[];
  /** Value of one tick, and of one step. */
  readonly tickSize: number;
  readonly stepSize: number;
  /** @returns the order's number; 0 where a risk limit stopped it */
  placeLimit(side: OrderSide, priceTicks: number, qtySteps: number, options?: LimitOptions): number;
  placeMarket(side: OrderSide, qtySteps: number, options?: OrderOptions): number;
  /** An order that waits outside the book until a price triggers it: a stop, a take-profit or a trailing stop. */
  placeConditional(side: OrderSide, terms: ConditionalTerms): number;
  /** Changes an order that rests; it goes to the end of its queue. What is not said stays. */
  amend(orderId: number, change: AmendTerms): void;
  /** Of an order that rests, or waits for a price. */
  cancel(orderId: number): void;
  /** Steps that one side of a hedge has, SHORT at most 0; `BOTH`: the position of one-way mode. */
  positionOf(positionSide: PositionSide): number;
  /** A feature that the strategy has declared, by its column; NaN: warming up, or not valid now. */
  feature(column: string): number;
  /** Whether every feature that the strategy has declared has a value now. */
  readonly areFeaturesValid: boolean;
  /** What the exchange has of the account, with unrealised profit and without, quote asset; NaN where none is kept. */
  equity(): number;
  wallet(): number;
  /** Has a decision written to the ledger, with the entry of the log that was told last; in a backtest it is not kept. */
  note(decision: Decision): void;
}

export interface OrderOptions {
  readonly isReduceOnly?: boolean;
  /** Needed in hedge mode. */
  readonly positionSide?: PositionSide;
  /** What happens where it would trade with an own order; NONE: own orders do not meet here. */
  readonly selfTrade?: SelfTradePrevention;
}

export interface LimitOptions extends OrderOptions {
  /** GTC where it is not said. */
  readonly timeInForce?: TimeInForce;
  /** Of GTD: up to when it rests, ms since the epoch, at least ten minutes off. */
  readonly goodTillMs?: number;
}

export interface AmendTerms {
  readonly priceTicks?: number;
  /** Of the whole order, what is filled of it included. */
  readonly qtySteps?: number;
}

/** A run's strategy: what it keeps is its own. */
export interface Strategy {
  readonly onEvent?: (event: StrategyEvent, market: Market) => void;
  readonly onBar?: (bar: ClosedBar, market: Market) => void;
  readonly onFill?: (fill: StrategyFill, market: Market) => void;
}

/** A strategy as it is declared: the same file runs in a backtest, on paper and live. */
export interface StrategyDefinition<Name extends string = string> {
  readonly name: string;
  readonly title: string;
  /** What it does and on what it bets, in a sentence. */
  readonly says: string;
  readonly parameters: Readonly<Record<Name, ParameterDefinition>>;
  /** Events that it wants to be told of; a timer as `everyMs` says. */
  readonly events: readonly StrategyEvent['type'][];
  /** How often a timer comes, ms. */
  readonly everyMs?: (parameters: Parameters<Name>) => number;
  /** Length of the bars that it wants, ms. */
  readonly barMs?: (parameters: Parameters<Name>) => number;
  /** Features that `market.feature` tells, as a feature set would; none where it is not said. */
  readonly features?: WantedFeatures<Name>;
  /** @throws RangeError that names the parameter which cannot be */
  readonly create: (parameters: Parameters<Name>) => Strategy;
}

/** Declares a strategy. */
export function defineStrategy<const Name extends string>(definition: StrategyDefinition<Name>): StrategyDefinition {
  return definition as unknown as StrategyDefinition;
}
