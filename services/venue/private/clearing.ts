import type { Liquidation } from '../../../operators/account/account-event.ts';
import { bookOf } from '../../../operators/account/account-state.ts';
import { nextLiquidation } from '../../../operators/account/liquidation.ts';
import { divideRounded } from '../../../operators/account/money.ts';
import type { MarkNow } from '../trading-market.ts';
import type { Bookkeeping } from './bookkeeping.ts';
import type { Listings } from './listing.ts';
import type { OrderDesk } from './order-desk.ts';
import type { UserAccount, VenueOrder } from './user-account.ts';

/** Values positions at the mark prices, settles funding and liquidates. */
export interface Clearing {
  readonly mark: (account: UserAccount, symbol: string, mark: MarkNow) => void;
  readonly settleFunding: (
    account: UserAccount,
    symbol: string,
    rateE8: number,
    markPriceE8: number,
    timeMs: number,
  ) => void;
}

export function clearing(listings: Listings, desk: OrderDesk, books: Bookkeeping): Clearing {
  const { terms } = listings;

  const liquidateDue = (account: UserAccount, timeMs: number): void => {
    let due = nextLiquidation(terms, account.state, timeMs);
    if (due === null) return;
    // The engine takes a position only after the orders that its margin might have been for.
    for (const order of [...account.open.values()]) desk.cancel(account, order, timeMs);
    for (; due !== null; due = nextLiquidation(terms, account.state, timeMs)) liquidate(account, due);
  };

  const liquidate = (account: UserAccount, due: Liquidation): void => {
    const { instrument: symbol, positionSide, qtySteps, notionalE8, timeMs } = due;
    const { state } = account;
    const book = bookOf(terms, state, symbol);
    const isLong = (positionSide === 'BOTH' ? book.both : positionSide === 'LONG' ? book.long : book.short).steps > 0;
    const order = liquidationOrder(desk.nextId(), due, isLong);
    account.orders.set(order.orderId, order);
    books.tellOrder(account, order, { type: 'NEW', timeMs });
    const before = { realisedE8: book.realisedE8, feesE8: state.liquidationFeesE8, insuranceE8: state.insuranceE8 };
    books.evolve(account, due);
    const realisedE8 = book.realisedE8 - before.realisedE8;
    const feeE8 = state.liquidationFeesE8 - before.feesE8;
    const insuranceE8 = state.insuranceE8 - before.insuranceE8;
    order.filledSteps = qtySteps;
    order.status = 'FILLED';
    const its = books.listing(symbol).terms;
    const priceE8 = divideRounded(notionalE8 * its.stepDivisor, qtySteps * its.stepUnits);
    order.filledTickSteps = divideRounded(notionalE8 * its.divisor, its.multiplier);
    const line = { symbol, info: 'LIQUIDATION', tradeId: '', timeMs };
    if (realisedE8 !== 0) books.earn(account, { ...line, type: 'REALIZED_PNL', amountE8: realisedE8 });
    if (feeE8 !== 0) books.earn(account, { ...line, type: 'INSURANCE_CLEAR', amountE8: -feeE8 });
    if (insuranceE8 !== 0) books.earn(account, { ...line, type: 'INSURANCE_CLEAR', amountE8: insuranceE8 });
    books.tellAccount(account, 'ORDER', insuranceE8 - feeE8, [symbol], timeMs);
    const { orderId, side } = order;
    const trade = {
      id: 0,
      orderId,
      symbol,
      side,
      positionSide,
      priceE8,
      qtySteps,
      realisedE8,
      feeE8: 0,
      isMaker: false,
      timeMs,
    };
    books.tellOrder(account, order, { type: 'CALCULATED', timeMs, trade });
  };

  return {
    mark: (account, symbol, { markPriceE8, timeMs }) => {
      const atMs = Math.floor(timeMs);
      books.evolve(account, { type: 'markPrice', timeMs: atMs, instrument: symbol, markPriceE8 });
      liquidateDue(account, atMs);
    },
    settleFunding: (account, symbol, rateE8, markPriceE8, timeMs) => {
      const book = bookOf(terms, account.state, symbol);
      const before = book.fundingE8;
      books.evolve(account, { type: 'fundingSettled', timeMs, instrument: symbol, rateE8, markPriceE8 });
      const amountE8 = book.fundingE8 - before;
      if (amountE8 === 0) return;
      books.earn(account, { symbol, type: 'FUNDING_FEE', amountE8, info: 'FUNDING_FEE', tradeId: '', timeMs });
      // Of a cross position the balance alone is told [Event: Balance and Position Update].
      const told = book.marginType === 'isolated' ? [symbol] : [];
      books.tellAccount(account, 'FUNDING_FEE', amountE8, told, timeMs);
    },
  };
}

function liquidationOrder(orderId: number, due: Liquidation, isLong: boolean): VenueOrder {
  return {
    orderId,
    clientOrderId: `autoclose-${orderId}`,
    symbol: due.instrument,
    side: isLong ? 'sell' : 'buy',
    positionSide: due.positionSide,
    type: 'LIMIT',
    timeInForce: 'IOC',
    priceTicks: 0,
    qtySteps: due.qtySteps,
    isReduceOnly: true,
    isClosePosition: false,
    selfTradePrevention: 'NONE',
    goodTillMs: 0,
    origType: 'LIMIT',
    status: 'NEW',
    filledSteps: 0,
    filledTickSteps: 0,
    restingSteps: 0,
    createdMs: due.timeMs,
    updatedMs: due.timeMs,
  };
}
