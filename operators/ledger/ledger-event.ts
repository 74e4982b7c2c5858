import type { AccountEvent } from '../account/account-event.ts';
import type { ConditionalRequest } from '../matching/conditional-order.ts';
import type { AmendRequest, OrderEnd, OrderRequest } from '../matching/order.ts';

/**
 * What a trader did and what became of it, as it is written to `don:{account}:ledger`. Plain JSON. The trader's own events
 * are numbered without a gap; commands come from anywhere and have no number.
 */
export type LedgerEvent = TraderEvent | LedgerCommand;

export type TraderEvent =
  | SessionOpened
  | Decided
  | OrderIntended
  | ConditionalIntended
  | AmendIntended
  | CancelIntended
  | OrderTriggered
  | OrderStopped
  | OrderClosed
  | AccountChanged
  | CommandTaken
  | StartRefused
  | LiveEvent
  | SessionClosed;

/** What a live session is told beside the log and its commands, in the order in which it was. */
export type LiveEvent = OrderReported | AccountReported | TradingPaused | TradingResumed | FlattenRepeated;

/** As JSON has it: null where a number is NaN. */
export type Recorded<Of> = {
  readonly [Name in keyof Of]: Of[Name] extends number
    ? number extends Of[Name]
      ? number | null
      : Of[Name]
    : Of[Name];
};

/** What decides on all that a session does, beside the log. */
export interface SessionSettings {
  /** `live`: real orders at the exchange. Its queue, latency and seed decide on nothing; its balance is the exchange's. */
  readonly mode: 'paper' | 'live';
  /** `venue:SYMBOL` */
  readonly instrument: string;
  /** Name or file. */
  readonly strategy: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly queue: string;
  /** To the exchange and back, as `don backtest --latency` has it: `5,5`. */
  readonly latency: string;
  readonly seed: number;
  /** What it begins with, quote asset. */
  readonly balance: number;
  readonly leverage: number;
  /** VIP level. */
  readonly feeTier: number;
  /** As `RiskLimits`; those without a bound are left out. */
  readonly limits: Readonly<Record<string, number>>;
}

/** A strategy begins to trade. */
export interface SessionOpened {
  readonly type: 'sessionOpened';
  readonly session: string;
  readonly timeMs: number;
  /** The start that it was begun by; null: it carries on the one before. */
  readonly commandId: string | null;
  /** Whether it begins halted. */
  readonly isHalted: boolean;
  readonly settings: SessionSettings;
  readonly strategyHash: string;
  readonly simulator: string;
  /** First entry of the log that it is told of; it only watches until `tradesFromUs`. */
  readonly fromEntryId: string;
  readonly tradesFromUs: number;
  /** By how much the recorder's clock is behind the exchange's, µs. */
  readonly skewUs: number;
  readonly tickSize: string;
  readonly stepSize: string;
}

/** What was decided, and on what, after that entry of the log. */
export interface Decided {
  readonly type: 'decided';
  readonly timeUs: number;
  readonly entryId: string;
  readonly observation: readonly number[];
  /** Where that is only the end of what was seen, of all of it. */
  readonly digest?: string;
  readonly action: number | readonly number[];
  /** Position that is wanted, steps, negative: short. */
  readonly targetSteps: number;
  /** What the account was worth, quote asset. */
  readonly equity: number;
}

/** An order is about to be sent: written before it is. */
export interface OrderIntended {
  readonly type: 'orderIntended';
  readonly timeUs: number;
  /** The same whenever the session is run again. */
  readonly clientOrderId: string;
  readonly order: Recorded<OrderRequest>;
}

/** The same of a conditional order. */
export interface ConditionalIntended {
  readonly type: 'conditionalIntended';
  readonly timeUs: number;
  readonly clientOrderId: string;
  readonly order: Recorded<ConditionalRequest>;
}

/** An order is about to be changed. */
export interface AmendIntended {
  readonly type: 'amendIntended';
  readonly timeUs: number;
  readonly order: AmendRequest;
}

/** An order is about to be cancelled. */
export interface CancelIntended {
  readonly type: 'cancelIntended';
  readonly timeUs: number;
  readonly orderId: number;
}

/** A conditional order became an order, at the exchange. */
export interface OrderTriggered {
  readonly type: 'orderTriggered';
  readonly timeUs: number;
  readonly order: Recorded<OrderRequest>;
}

/** A risk limit stopped an order. */
export interface OrderStopped {
  readonly type: 'orderStopped';
  readonly timeUs: number;
  readonly by: string;
  readonly order: Recorded<OrderRequest>;
}

/** An order ended otherwise than by being filled. */
export interface OrderClosed {
  readonly type: 'orderClosed';
  readonly timeUs: number;
  readonly orderId: number;
  readonly end: OrderEnd;
  /** Binance's error code; 0: none. */
  readonly code: number;
}

/** The account took in an event: its state is the fold of these. */
export interface AccountChanged {
  readonly type: 'account';
  readonly event: AccountEvent;
}

/** The trader did what it was told, behind that entry of the log. */
export interface CommandTaken {
  readonly type: 'commandTaken';
  readonly commandId: string;
  readonly command: LedgerCommand['type'];
  readonly flattens: boolean;
  readonly afterEntryId: string;
}

/** No session came of a start: it has to be said again. */
export interface StartRefused {
  readonly type: 'startRefused';
  readonly commandId: string;
  readonly timeMs: number;
  readonly reason: string;
}

/** What the exchange said of an order of a live session; each thing is written once, before the strategy is told of it. */
export interface OrderReported {
  readonly type: 'orderReported';
  readonly orderId: number;
  readonly fact: OrderFact;
  /** Last entry of the log that the session had been told of. */
  readonly afterEntryId: string;
}

/** Times are the exchange's, ms since the epoch; ids are texts, since they are 64-bit. */
export type OrderFact =
  | { readonly type: 'accepted'; readonly timeMs: number; readonly exchangeId: string }
  | {
      readonly type: 'filled';
      readonly timeMs: number;
      readonly tradeId: string;
      readonly priceTicks: number;
      readonly qtySteps: number;
      /** null: it was paid in another asset than the account is kept in. */
      readonly feeE8: number | null;
      readonly isMaker: boolean;
    }
  /** The exchange has it at another price, or in another quantity (of the whole order). */
  | { readonly type: 'amended'; readonly timeMs: number; readonly priceTicks: number; readonly qtySteps: number }
  /**
   * A change to that price and quantity came to nothing. `code` is Binance's; 0: the change never reached the exchange, or was
   * followed by another.
   */
  | {
      readonly type: 'amendFailed';
      readonly timeMs: number;
      readonly priceTicks: number;
      readonly qtySteps: number;
      readonly code: number;
    }
  /** A conditional order has become the order of that number, in that quantity. */
  | { readonly type: 'triggered'; readonly timeMs: number; readonly exchangeId: string; readonly qtySteps: number }
  /** `code` is Binance's; 0: none; −2013: the order never reached the exchange. */
  | { readonly type: 'ended'; readonly timeMs: number; readonly end: OrderEnd; readonly code: number };

/** The exchange changed the account otherwise than by an order of the session. */
export interface AccountReported {
  readonly type: 'accountReported';
  /** The exchange's own, by which it is taken in once. */
  readonly id: string;
  readonly event: AccountEvent;
  readonly afterEntryId: string;
}

/** From here on no order passes, but those that close the position when told so. */
export interface TradingPaused {
  readonly type: 'tradingPaused';
  readonly timeMs: number;
  readonly reason: string;
  readonly afterEntryId: string;
}

export interface TradingResumed {
  readonly type: 'tradingResumed';
  readonly timeMs: number;
  readonly afterEntryId: string;
}

/** A position that was to be closed was still there, and is closed again. */
export interface FlattenRepeated {
  readonly type: 'flattenRepeated';
  readonly timeMs: number;
  readonly afterEntryId: string;
}

export interface SessionClosed {
  readonly type: 'sessionClosed';
  readonly session: string;
  readonly timeMs: number;
  readonly reason: string;
  /** Last entry of the log that it was told of, as far as that is known: the first, where it could not be run again. */
  readonly toEntryId: string;
  /** Wallet and unrealised profit at the last mark price, quote asset; of one that could not be run again, at the log's end. */
  readonly equity: number;
}

/** What a person, or a program, tells the trader. */
export type LedgerCommand = StartCommand | StopCommand | HaltCommand | ResumeCommand;

interface Command {
  /** Who said so, such as `cli` or an API key's name. */
  readonly by: string;
  readonly timeMs: number;
}

/** Begins a session. A running one is closed before. */
export interface StartCommand extends Command {
  readonly type: 'start';
  readonly settings: SessionSettings;
  /** Of a live session: the account's name once more, without which it does not begin. */
  readonly confirms?: string;
}

/** Cancels every order and closes the session; where `flattens`, the position is closed before. */
export interface StopCommand extends Command {
  readonly type: 'stop';
  readonly flattens: boolean;
}

/** Cancels every order, where `flattens` closes the position, and lets none through, until it is resumed. */
export interface HaltCommand extends Command {
  readonly type: 'halt';
  readonly flattens: boolean;
  readonly reason: string;
}

export interface ResumeCommand extends Command {
  readonly type: 'resume';
}
