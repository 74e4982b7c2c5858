import type { PositionSide } from '../../../operators/account/account-event.ts';
import {
  type AccountState,
  bookOf,
  type InstrumentBook,
  positionOf,
} from '../../../operators/account/account-state.ts';
import { notionalCapE8 } from '../../../operators/account/brackets.ts';
import { moneyOfE8 } from '../../../operators/account/instrument-terms.ts';
import { liquidationPrice } from '../../../operators/account/liquidation-price.ts';
import {
  availableE8,
  exposureE8,
  heldMarginE8,
  maintenanceOfE8,
  marginForE8,
  positionNotionalE8,
  withdrawableE8,
} from '../../../operators/account/margin.ts';
import { divideRounded } from '../../../operators/account/money.ts';
import { openOrderSteps } from '../../../operators/account/open-orders.ts';
import { crossUnrealisedE8, crossWalletE8, equityE8, unrealisedE8 } from '../../../operators/account/valuation.ts';
import { quantityText } from '../instrument.ts';
import { priceOfCostE8, amountText as text } from './amounts.ts';
import type { Listing, Listings } from './listing.ts';
import type { UserAccount } from './user-account.ts';
import { breakEvenE8 } from './user-events.ts';

// Bodies of REST answers about an account, with Binance's fields and number forms.

type Body = Record<string, unknown>;

/** One side of an instrument, with every figure that an answer may want. */
export interface PositionFigures {
  readonly symbol: string;
  readonly positionSide: PositionSide;
  readonly book: InstrumentBook;
  /** False where there is neither a position nor an open order. */
  readonly isUsed: boolean;
  readonly texts: Readonly<
    Record<
      | 'positionAmt'
      | 'entryPrice'
      | 'breakEvenPrice'
      | 'markPrice'
      | 'unrealizedProfit'
      | 'liquidationPrice'
      | 'isolatedMargin'
      | 'isolatedWallet'
      | 'notional'
      | 'initialMargin'
      | 'maintMargin'
      | 'positionInitialMargin'
      | 'openOrderInitialMargin'
      | 'bidNotional'
      | 'askNotional'
      | 'maxNotional',
      string
    >
  >;
}

/** Both sides of a hedge, or the one of one-way mode, of each symbol. */
export function positionFigures(listings: Listings, state: AccountState, symbols: Iterable<string>): PositionFigures[] {
  const sides: readonly PositionSide[] = state.positionMode === 'hedge' ? ['LONG', 'SHORT'] : ['BOTH'];
  return [...symbols].flatMap((symbol) =>
    sides.map((side) => figuresOf(listings, listings.bySymbol.get(symbol) as Listing, state, side)),
  );
}

function figuresOf(
  listings: Listings,
  listing: Listing,
  state: AccountState,
  positionSide: PositionSide,
): PositionFigures {
  const { instrument, terms } = listing;
  const { symbol } = instrument;
  const book = bookOf(listings.terms, state, symbol);
  const position = positionOf(book, positionSide);
  const entryE8 = priceOfCostE8(listing, position.costE8, position.steps);
  const positionE8 = divideRounded(Math.abs(position.valueE8), book.leverage);
  // Orders of an instrument share its margin, so that they are told of the first side.
  const ordersE8 = positionSide === 'SHORT' ? 0 : openOrderMarginE8(listing, book);
  const isIsolated = book.marginType === 'isolated';
  const liquidation = liquidationPrice(listings.terms, state, symbol, positionSide);
  return {
    symbol,
    positionSide,
    book,
    isUsed: position.steps !== 0 || openOrderSteps(book) > 0,
    texts: {
      positionAmt: quantityText(instrument, position.steps),
      entryPrice: text(entryE8),
      breakEvenPrice: text(breakEvenE8(entryE8, position.steps, state.takerRateE8)),
      markPrice: text(book.markPriceE8),
      unrealizedProfit: text(unrealisedE8(position)),
      liquidationPrice: liquidation === null ? '0' : text(Math.round(liquidation * 1e8)),
      isolatedMargin: text(isIsolated ? position.isolatedWalletE8 + unrealisedE8(position) : 0),
      isolatedWallet: text(position.isolatedWalletE8),
      notional: text(position.valueE8),
      initialMargin: text(positionE8 + ordersE8),
      maintMargin: text(maintenanceOfE8(terms, position)),
      positionInitialMargin: text(positionE8),
      openOrderInitialMargin: text(ordersE8),
      bidNotional: text(moneyOfE8(terms, position.bidTickSteps)),
      askNotional: text(moneyOfE8(terms, position.askTickSteps)),
      maxNotional: text(notionalCapE8(terms.brackets, book.leverage)),
    },
  };
}

function openOrderMarginE8({ terms }: Listing, book: InstrumentBook): number {
  const held = heldMarginE8(terms, book);
  if (book.marginType === 'isolated') return held;
  return Math.max(0, held - marginForE8(book, positionNotionalE8(book), book.leverage));
}

/** Sums over all instruments, in 1e-8. */
function totalsOf({ terms }: Listings, state: AccountState): { position: number; orders: number; maintenance: number } {
  let position = 0;
  let orders = 0;
  let maintenance = 0;
  for (const [index, book] of state.books.entries()) {
    const its = terms.instruments[index];
    if (its === undefined) continue;
    position += divideRounded(positionNotionalE8(book), book.leverage);
    const exposedE8 = marginForE8(book, exposureE8(its, book), book.leverage);
    const isCross = book.marginType === 'cross';
    orders += isCross ? Math.max(0, exposedE8 - divideRounded(positionNotionalE8(book), book.leverage)) : exposedE8;
    for (const each of [book.both, book.long, book.short]) maintenance += maintenanceOfE8(its, each);
  }
  return { position, orders, maintenance };
}

/** `GET /fapi/v2/account` and `/fapi/v3/account`. */
export function accountBody(listings: Listings, { state, updatedMs }: UserAccount, version: 2 | 3): Body {
  const totals = totalsOf(listings, state);
  const unrealised = equityE8(state) - state.walletE8;
  const sums = {
    walletBalance: text(state.walletE8),
    unrealizedProfit: text(unrealised),
    marginBalance: text(equityE8(state)),
    maintMargin: text(totals.maintenance),
    initialMargin: text(totals.position + totals.orders),
    positionInitialMargin: text(totals.position),
    openOrderInitialMargin: text(totals.orders),
    crossWalletBalance: text(crossWalletE8(state)),
    crossUnPnl: text(crossUnrealisedE8(state)),
    availableBalance: text(availableE8(listings.terms, state)),
    maxWithdrawAmount: text(withdrawableE8(listings.terms, state)),
  };
  const figures = positionFigures(listings, state, listings.bySymbol.keys());
  return {
    ...(version === 2
      ? {
          feeTier: 0,
          feeBurn: false,
          canTrade: true,
          canDeposit: true,
          canWithdraw: true,
          updateTime: 0,
          multiAssetsMargin: false,
          tradeGroupId: -1,
        }
      : {}),
    totalInitialMargin: sums.initialMargin,
    totalMaintMargin: sums.maintMargin,
    totalWalletBalance: sums.walletBalance,
    totalUnrealizedProfit: sums.unrealizedProfit,
    totalMarginBalance: sums.marginBalance,
    totalPositionInitialMargin: sums.positionInitialMargin,
    totalOpenOrderInitialMargin: sums.openOrderInitialMargin,
    totalCrossWalletBalance: sums.crossWalletBalance,
    totalCrossUnPnl: sums.crossUnPnl,
    availableBalance: sums.availableBalance,
    maxWithdrawAmount: sums.maxWithdrawAmount,
    assets: [{ asset: 'USDT', ...sums, ...(version === 2 ? { marginAvailable: true } : {}), updateTime: updatedMs }],
    positions: figures
      .filter(({ isUsed }) => version === 2 || isUsed)
      .map((each) => (version === 2 ? positionV2(each, updatedMs) : positionV3(each, updatedMs))),
  };
}

function positionV2({ symbol, positionSide, book, texts }: PositionFigures, updateTime: number): Body {
  const { initialMargin, maintMargin, unrealizedProfit, positionInitialMargin, openOrderInitialMargin } = texts;
  return {
    symbol,
    initialMargin,
    maintMargin,
    unrealizedProfit,
    positionInitialMargin,
    openOrderInitialMargin,
    leverage: String(book.leverage),
    isolated: book.marginType === 'isolated',
    entryPrice: texts.entryPrice,
    breakEvenPrice: texts.breakEvenPrice,
    maxNotional: texts.maxNotional,
    positionSide,
    positionAmt: texts.positionAmt,
    notional: texts.notional,
    isolatedWallet: texts.isolatedWallet,
    updateTime,
    bidNotional: texts.bidNotional,
    askNotional: texts.askNotional,
  };
}

function positionV3({ symbol, positionSide, texts }: PositionFigures, updateTime: number): Body {
  const { positionAmt, unrealizedProfit, isolatedMargin, notional, isolatedWallet, initialMargin, maintMargin } = texts;
  return {
    symbol,
    positionSide,
    positionAmt,
    unrealizedProfit,
    isolatedMargin,
    notional,
    isolatedWallet,
    initialMargin,
    maintMargin,
    updateTime,
  };
}

/** `GET /fapi/v2/balance` and `/fapi/v3/balance`. */
export function balanceBody({ terms }: Listings, { name, state, updatedMs }: UserAccount): Body {
  return {
    accountAlias: name,
    asset: 'USDT',
    balance: text(state.walletE8),
    crossWalletBalance: text(crossWalletE8(state)),
    crossUnPnl: text(crossUnrealisedE8(state)),
    availableBalance: text(availableE8(terms, state)),
    maxWithdrawAmount: text(withdrawableE8(terms, state)),
    marginAvailable: true,
    updateTime: updatedMs,
  };
}

/** An element of `GET /fapi/v2/positionRisk` or `/fapi/v3/positionRisk`. */
export function positionRiskBody(figures: PositionFigures, updateTime: number, version: 2 | 3): Body {
  const { symbol, positionSide, book, texts } = figures;
  const { positionAmt, entryPrice, breakEvenPrice, markPrice, liquidationPrice: liquidation, isolatedMargin } = texts;
  const unRealizedProfit = texts.unrealizedProfit;
  const { notional, isolatedWallet } = texts;
  if (version === 2) {
    return {
      symbol,
      positionAmt,
      entryPrice,
      breakEvenPrice,
      markPrice,
      unRealizedProfit,
      liquidationPrice: liquidation,
      leverage: String(book.leverage),
      maxNotionalValue: texts.maxNotional,
      marginType: book.marginType,
      isolatedMargin,
      isAutoAddMargin: 'false',
      positionSide,
      notional,
      isolatedWallet,
      updateTime,
    };
  }
  return {
    symbol,
    positionSide,
    positionAmt,
    entryPrice,
    breakEvenPrice,
    markPrice,
    unRealizedProfit,
    liquidationPrice: liquidation,
    isolatedMargin,
    notional,
    marginAsset: 'USDT',
    isolatedWallet,
    initialMargin: texts.initialMargin,
    maintMargin: texts.maintMargin,
    positionInitialMargin: texts.positionInitialMargin,
    openOrderInitialMargin: texts.openOrderInitialMargin,
    adl: 1,
    bidNotional: texts.bidNotional,
    askNotional: texts.askNotional,
    updateTime,
  };
}
