import { evolveAccount } from '../../../operators/account/account.ts';
import type { AccountEvent } from '../../../operators/account/account-event.ts';
import { bookOf } from '../../../operators/account/account-state.ts';
import { priceOfE8 } from '../../../operators/account/instrument-terms.ts';
import type { MarketFill } from '../trading-market.ts';
import type { Listing, Listings } from './listing.ts';
import type { IncomeType, UserAccount, UserTrade, VenueOrder } from './user-account.ts';
import { trimHistory } from './user-account.ts';
import { accountUpdate, type Execution, orderTradeUpdate, tradeLite, type UpdateReason } from './user-events.ts';

/** Where the events of an account go. */
export type UserFeed = (account: UserAccount, event: string, payload: string) => void;

/** Writes into accounts what has happened to them, and tells them so. */
export interface Bookkeeping {
  /** @throws AccountRefusal where it cannot be */
  readonly evolve: (account: UserAccount, event: AccountEvent) => void;
  readonly listing: (symbol: string) => Listing;
  readonly fill: (account: UserAccount, order: VenueOrder, fill: MarketFill) => void;
  /** Opens what of an order rests in the market. */
  readonly rest: (account: UserAccount, order: VenueOrder, steps: number, timeMs: number) => void;
  /** Takes so much of what rests away, other than by a fill. */
  readonly unrest: (account: UserAccount, order: VenueOrder, steps: number, timeMs: number) => void;
  readonly earn: (account: UserAccount, income: IncomeLine) => void;
  readonly tellOrder: (account: UserAccount, order: VenueOrder, execution: Execution) => void;
  readonly tellAccount: (
    account: UserAccount,
    reason: UpdateReason,
    changedE8: number,
    symbols: readonly string[],
    timeMs: number,
  ) => void;
}

export interface IncomeLine {
  readonly symbol: string;
  readonly type: IncomeType;
  readonly amountE8: number;
  readonly info: string;
  readonly tradeId: string;
  readonly timeMs: number;
}

export function bookkeeping(listings: Listings, feed: UserFeed): Bookkeeping {
  let lastTranId = 0;
  const listing = (symbol: string): Listing => listings.bySymbol.get(symbol) as Listing;
  const self: Bookkeeping = {
    listing,
    evolve: (account, event) => {
      evolveAccount(listings.terms, account.state, event);
      account.updatedMs = event.timeMs;
    },
    fill: (account, order, fill) => {
      const { symbol, side, positionSide } = order;
      const { tradeId: id, priceTicks, qtySteps, isMaker, timeMs } = fill;
      const book = bookOf(listings.terms, account.state, symbol);
      const before = { realisedE8: book.realisedE8, feesE8: book.feesE8 };
      self.evolve(account, {
        type: 'fill',
        timeMs,
        instrument: symbol,
        orderId: String(order.orderId),
        side,
        positionSide,
        priceTicks,
        qtySteps,
        isMaker,
        isReduceOnly: order.isReduceOnly,
        openedAtTicks: isMaker ? order.priceTicks : null,
        feeE8: null,
      });
      if (isMaker) order.restingSteps -= qtySteps;
      order.filledSteps += qtySteps;
      order.filledTickSteps += priceTicks * qtySteps;
      order.status = order.filledSteps === order.qtySteps ? 'FILLED' : 'PARTIALLY_FILLED';
      order.updatedMs = timeMs;
      if (order.status === 'FILLED') account.open.delete(order.orderId);
      const feeE8 = book.feesE8 - before.feesE8;
      const realisedE8 = book.realisedE8 - before.realisedE8;
      const trade: UserTrade = {
        id,
        orderId: order.orderId,
        symbol,
        side,
        positionSide,
        priceTicks,
        qtySteps,
        realisedE8,
        feeE8,
        isMaker,
        timeMs,
      };
      account.trades.push(trade);
      const line = { symbol, info: String(id), tradeId: String(id), timeMs };
      self.earn(account, { ...line, type: 'COMMISSION', amountE8: 0 - feeE8 });
      if (realisedE8 !== 0) self.earn(account, { ...line, type: 'REALIZED_PNL', amountE8: realisedE8 });
      trimHistory(account);
      const its = listing(symbol);
      feed(account, 'TRADE_LITE', tradeLite(its, order, trade));
      self.tellAccount(account, 'ORDER', 0, [symbol], timeMs);
      self.tellOrder(account, order, {
        type: 'TRADE',
        timeMs,
        trade: { ...trade, priceE8: priceOfE8(its.terms, priceTicks) },
      });
    },
    rest: (account, order, steps, timeMs) => {
      order.restingSteps = steps;
      self.evolve(account, { type: 'orderOpened', ...openPart(order, steps, timeMs) });
    },
    unrest: (account, order, steps, timeMs) => {
      if (steps === 0) return;
      order.restingSteps -= steps;
      self.evolve(account, { type: 'orderEnded', ...openPart(order, steps, timeMs) });
    },
    earn: (account, line) => {
      account.income.push({ ...line, tranId: ++lastTranId });
    },
    tellOrder: (account, order, execution) =>
      feed(
        account,
        'ORDER_TRADE_UPDATE',
        orderTradeUpdate(listing(order.symbol), account.state, listings, order, execution),
      ),
    tellAccount: (account, reason, changedE8, symbols, timeMs) =>
      feed(account, 'ACCOUNT_UPDATE', accountUpdate(listings, account.state, reason, changedE8, symbols, timeMs)),
  };
  return self;
}

function openPart(order: VenueOrder, qtySteps: number, timeMs: number) {
  const { symbol, orderId, side, positionSide, priceTicks, isReduceOnly } = order;
  return {
    timeMs,
    instrument: symbol,
    orderId: String(orderId),
    side,
    positionSide,
    priceTicks,
    qtySteps,
    isReduceOnly,
  };
}
