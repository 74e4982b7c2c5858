import type { AccountState } from '../../operators/account/account-state.ts';
import { equityE8 } from '../../operators/account/valuation.ts';
import type { LedgerState } from '../../operators/ledger/ledger.ts';
import type { SimulationCounts } from '../../pipelines/simulation/simulation-listener.ts';
import type { Market, OwnConditionalOrder, OwnOrder } from '../../pipelines/simulation/strategy.ts';
import type { AccountLedger } from './account-ledger.ts';
import type { SessionRunner } from './session-runner.ts';

/** How an account stands, as it is told each second. Plain JSON; prices and quantities are numbers. */
export interface AccountStatus {
  readonly account: string;
  readonly timeMs: number;
  /** `waiting`: for the market, for features to be valid, or for what was stored to be run again; `failed`: see `reason`. */
  readonly state: 'stopped' | 'waiting' | 'running' | 'halted' | 'failed';
  readonly reason: string | null;
  readonly session: SessionStatus | null;
  /** The last session, where none is open; null: there has been none, or one is. */
  readonly ended: EndedSession | null;
}

/** What a session came to. */
export interface EndedSession {
  readonly instrument: string;
  /** Quote asset; what the account was worth at its end. */
  readonly equity: number;
}

export interface SessionStatus {
  readonly session: string;
  /** `live`: real orders at the exchange. */
  readonly mode: 'paper' | 'live';
  readonly instrument: string;
  readonly strategy: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly sinceMs: number;
  readonly fromEntryId: string;
  readonly lastEntryId: string;
  /** Quote asset. */
  readonly initialBalance: number;
  readonly walletBalance: number;
  readonly unrealisedPnl: number;
  readonly equity: number;
  readonly realisedPnl: number;
  readonly fees: number;
  readonly funding: number;
  /** Base asset, negative: short. */
  readonly position: number;
  /** null: the venue has said none. */
  readonly markPrice: number | null;
  readonly liquidations: number;
  readonly orders: readonly OrderStatus[];
  /** Conditional orders that wait for their price. */
  readonly waiting: readonly WaitingOrderStatus[];
  /** The last ones, newest first. */
  readonly fills: readonly FillStatus[];
  readonly counts: {
    readonly sent: number;
    readonly filled: number;
    readonly cancelled: number;
    readonly rejected: Readonly<Record<string, number>>;
    readonly stopped: Readonly<Record<string, number>>;
  };
}

export interface OrderStatus {
  readonly orderId: number;
  readonly side: 'buy' | 'sell';
  /** null: at any price. */
  readonly price: number | null;
  readonly qty: number;
  readonly state: OwnOrder['state'];
}

export interface WaitingOrderStatus {
  readonly orderId: number;
  readonly side: 'buy' | 'sell';
  readonly type: OwnConditionalOrder['type'];
  /** null: of a trailing stop that trails already. */
  readonly trigger: number | null;
  /** What it becomes an order at; null: at any price. */
  readonly price: number | null;
  /** null: as much as there is of the position. */
  readonly qty: number | null;
  readonly state: OwnConditionalOrder['state'];
}

export interface FillStatus {
  readonly timeMs: number;
  readonly orderId: number;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly qty: number;
  readonly outcome: string;
  readonly fee: number;
  readonly realisedPnl: number;
}

/** What of a running session its status tells. */
export interface SessionView {
  readonly account: {
    readonly state: AccountState;
    /** Oldest first. */
    readonly fills: readonly FillStatus[];
    readonly liquidations: number;
  };
  readonly market: Market;
  readonly counts: SimulationCounts;
  /** Last entry of the log that it was told of; `0-0` before the first. */
  readonly lastEntryId: string;
}

const FILLS_SHOWN = 50;

/** What of an account's trader its status tells. */
interface TraderView {
  readonly account: string;
  /** undefined: it could not be read. */
  readonly ledger: AccountLedger | undefined;
  /** undefined: no session runs. */
  readonly runner: SessionRunner | undefined;
  readonly isFailed: boolean;
  readonly reason: string | null;
}

/** How an account stands whose trader is there. */
export function accountStatus({ account, ledger, runner, isFailed, reason }: TraderView): AccountStatus {
  const common = { account, timeMs: Date.now() };
  const state = ledger?.state;
  if (runner === undefined || state?.session == null) {
    const isWaiting = state?.session != null || ledger?.waiting[0]?.command.type === 'start';
    const how = isFailed ? 'failed' : isWaiting || ledger === undefined ? 'waiting' : 'stopped';
    const why = reason ?? state?.refused ?? state?.closed?.reason ?? null;
    return {
      ...common,
      state: how,
      reason: why,
      session: null,
      ended: state === undefined ? null : endedSession(state),
    };
  }
  const waitsFor = state.isHalted ? null : runner.waitsFor;
  const how = !runner.isThrough || waitsFor !== null ? 'waiting' : state.isHalted ? 'halted' : 'running';
  const why = state.isHalted ? state.haltReason : (reason ?? waitsFor);
  return { ...common, state: how, reason: why, session: sessionStatus(state, runner.view), ended: null };
}

/** The last session of a ledger; null: there has been none, or one is open. */
export function endedSession({ session, closed, account }: LedgerState): EndedSession | null {
  if (session !== null || closed === null) return null;
  return { instrument: account!.terms.instruments[0]!.instrument, equity: closed.equity };
}

function sessionStatus(ledger: LedgerState, view: SessionView): SessionStatus {
  const { session, settings, tradesFromUs, fromEntryId } = ledger.session!;
  const { account, market, counts } = view;
  const { state } = account;
  const book = state.books[0]!;
  const { tickSize, stepSize, orders, conditionalOrders } = market;
  // Ticks times their size leave what a float adds.
  const priceOf = (ticks: number): number | null =>
    Number.isNaN(ticks) ? null : Number((ticks * tickSize).toPrecision(12));
  const qtyOf = (steps: number): number => Number((steps * stepSize).toPrecision(12));
  return {
    session,
    mode: settings.mode,
    instrument: settings.instrument,
    strategy: settings.strategy,
    parameters: settings.parameters,
    sinceMs: tradesFromUs / 1_000,
    fromEntryId,
    lastEntryId: view.lastEntryId,
    initialBalance: settings.balance,
    walletBalance: state.walletE8 / 1e8,
    unrealisedPnl: (equityE8(state) - state.walletE8) / 1e8,
    equity: equityE8(state) / 1e8,
    realisedPnl: state.realisedE8 / 1e8,
    fees: (state.feesE8 + state.liquidationFeesE8) / 1e8,
    funding: state.fundingE8 / 1e8,
    position: qtyOf(book.both.steps) || 0,
    markPrice: book.isMarked ? book.markPriceE8 / 1e8 : null,
    liquidations: account.liquidations,
    orders: orders.map(({ orderId, side, priceTicks, leftSteps, state: orderState }) => ({
      orderId,
      side,
      price: priceOf(priceTicks),
      qty: qtyOf(leftSteps),
      state: orderState,
    })),
    waiting: conditionalOrders.map(
      ({ orderId, side, type, triggerTicks, priceTicks, qtySteps, state: orderState }) => ({
        orderId,
        side,
        type,
        trigger: priceOf(triggerTicks),
        price: priceOf(priceTicks),
        qty: qtySteps === 0 ? null : qtyOf(qtySteps),
        state: orderState,
      }),
    ),
    fills: account.fills.slice(-FILLS_SHOWN).reverse().map(fillStatus),
    counts,
  };
}

function fillStatus(fill: FillStatus): FillStatus {
  const { timeMs, orderId, side, price, qty, outcome, fee, realisedPnl } = fill;
  return { timeMs, orderId, side, price: Number(price.toPrecision(12)), qty, outcome, fee, realisedPnl };
}
