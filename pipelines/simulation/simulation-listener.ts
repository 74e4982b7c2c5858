import type { ConditionalRequest } from '../../operators/matching/conditional-order.ts';
import type { AmendRequest, FillKind, OrderEnd, OrderRequest, OrderSide } from '../../operators/matching/order.ts';
import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { Decision } from './strategy.ts';

/** What happened to own orders at the exchange, in that order. Times in µs since the epoch. */
export interface SimulationListener {
  readonly onFill?: (fill: SimulatedFill) => void;
  /** It stands in the book. */
  readonly onRest?: (orderId: number, priceTicks: number, leftSteps: number, timeUs: number) => void;
  readonly onEnd?: (orderId: number, end: OrderEnd, code: number, timeUs: number) => void;
  /** It was changed, with what is left of it then, and is placed anew next. */
  readonly onAmended?: (orderId: number, leftSteps: number, timeUs: number) => void;
  /** It was sent, at the strategy's time: midprice in ticks at the exchange then; NaN: none. */
  readonly onSend?: (request: OrderRequest, midTicks: number, timeUs: number) => void;
  /** What a conditional order has become, at the exchange's time. */
  readonly onTriggered?: (request: OrderRequest, midTicks: number, timeUs: number) => void;
  /** What else was sent, at the strategy's time: a conditional order, a change of an order, the end of one. */
  readonly onConditionalSent?: (request: ConditionalRequest, timeUs: number) => void;
  readonly onAmendSent?: (request: AmendRequest, timeUs: number) => void;
  readonly onCancelSent?: (orderId: number, timeUs: number) => void;
  /** It was not sent, and what stopped it; at the strategy's time. */
  readonly onStopped?: (request: OrderRequest, by: string, timeUs: number) => void;
  /** The strategy has decided something, when it had been told of that entry of the log. */
  readonly onDecision?: (decision: Decision, timeUs: number, entryId: string) => void;
  /** A market event at the exchange: what values positions, and settles funding. Midprice in ticks; NaN: none. */
  readonly onExchangeEvent?: (event: MarketEvent, timeUs: number, midTicks: number) => void;
}

export interface SimulatedFill {
  readonly orderId: number;
  readonly side: OrderSide;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly kind: FillKind;
  readonly timeUs: number;
  /** Midprice in ticks at the exchange when it came to be; NaN: none. */
  readonly midTicks: number;
}

/** What a run keeps of its account, quote asset. */
export interface AccountFigures {
  /** With unrealised profit, at the price of now. */
  equity(): number;
  wallet(): number;
}

export const NO_ACCOUNT: AccountFigures = { equity: () => Number.NaN, wallet: () => Number.NaN };

/** What became of the orders of a run. */
export interface SimulationCounts {
  sent: number;
  filled: number;
  cancelled: number;
  /** Refused by the exchange, by its code. */
  readonly rejected: Record<string, number>;
  /** Not sent, by what stopped them. */
  readonly stopped: Record<string, number>;
}

/** Another order, or change of one, was refused with that code. */
export function countRejected({ rejected }: SimulationCounts, code: number): void {
  rejected[code] = (rejected[code] ?? 0) + 1;
}
