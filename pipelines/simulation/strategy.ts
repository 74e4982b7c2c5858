import type { OrderBook } from '../../operators/book/order-book.ts';
import type { ParameterDefinition, Parameters } from '../../operators/features/definition.ts';
import type { ClosedBar, FeatureInput } from '../../operators/features/feature-input.ts';
import type { FillKind, OrderSide, TimeInForce } from '../../operators/matching/order.ts';

/** How a parameter is declared. */
export { duration, realNumber, wholeNumber } from '../../operators/features/definition.ts';

/** What a strategy is told of the market as it comes to it: its latency is in it. */
export type StrategyEvent = FeatureInput | Timer;

/** The time for which it asked has come. */
export interface Timer {
  readonly type: 'timer';
}

/** An own order that was filled, as it is told. */
export interface StrategyFill {
  readonly orderId: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly kind: FillKind;
}

/** An own order as its strategy knows it: answers are on their way. Plain data. */
export interface OwnOrder {
  readonly orderId: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  leftSteps: number;
  /** `sent`: not answered yet. */
  state: 'sent' | 'open' | 'cancelling';
}

/** What a strategy sees, and what it can do. Prices in ticks, quantities in steps. */
export interface Market {
  /** Now, µs since the epoch. */
  readonly timeUs: number;
  /** The book as it has come to the strategy; not to be changed. */
  readonly book: OrderBook;
  /** Whether the book can be trusted. */
  readonly isBookValid: boolean;
  /** Best prices; NaN where there are none. */
  readonly bidTicks: number;
  readonly askTicks: number;
  /** Steps, negative: short; as far as fills have been told. */
  readonly positionSteps: number;
  /** Own orders that may still be filled, oldest first. */
  readonly orders: readonly OwnOrder[];
  /** Value of one tick, and of one step. */
  readonly tickSize: number;
  readonly stepSize: number;
  /** @returns the order's number */
  placeLimit(side: OrderSide, priceTicks: number, qtySteps: number, options?: LimitOptions): number;
  placeMarket(side: OrderSide, qtySteps: number, options?: { readonly isReduceOnly?: boolean }): number;
  cancel(orderId: number): void;
}

export interface LimitOptions {
  /** GTC where it is not said. */
  readonly timeInForce?: TimeInForce;
  readonly isReduceOnly?: boolean;
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
  /** @throws RangeError that names the parameter which cannot be */
  readonly create: (parameters: Parameters<Name>) => Strategy;
}

/** Declares a strategy. */
export function defineStrategy<const Name extends string>(definition: StrategyDefinition<Name>): StrategyDefinition {
  return definition as unknown as StrategyDefinition;
}
