import { type AccountState, bookOf, positionOf } from '../../../operators/account/account-state.ts';
import { moneyOfE8 } from '../../../operators/account/instrument-terms.ts';
import { crossWalletE8, unrealisedE8 } from '../../../operators/account/valuation.ts';
import { priceText, quantityText } from '../instrument.ts';
import { type AlgoOrder, algoTimeInForce } from './algo-order.ts';
import { amountText, averagePriceE8, priceOfCostE8, shortText } from './amounts.ts';
import type { Listing, Listings } from './listing.ts';
import type { UserTrade, VenueOrder } from './user-account.ts';

// Payloads of the user data stream, with the fields and their order as of 2026. Numbers have no zeros at their end.

/** What an `ORDER_TRADE_UPDATE` is about. */
export interface Execution {
  readonly type: 'NEW' | 'TRADE' | 'CANCELED' | 'EXPIRED' | 'AMENDMENT' | 'CALCULATED';
  readonly timeMs: number;
  /** Of a `TRADE` or a `CALCULATED` fill. */
  readonly trade?: Omit<UserTrade, 'priceTicks'> & { readonly priceE8: number };
}

const short = (amountE8: number): string => shortText(amountText(amountE8));

export function orderTradeUpdate(
  listing: Listing,
  state: AccountState,
  listings: Listings,
  order: VenueOrder,
  { type, timeMs, trade }: Execution,
): string {
  const { instrument } = listing;
  const steps = (count: number): string => shortText(quantityText(instrument, count));
  const book = bookOf(listings.terms, state, order.symbol);
  const position = positionOf(book, order.positionSide);
  // An order that has just been taken in, or changed, counts already.
  const isEntering = (type === 'NEW' || type === 'AMENDMENT') && !order.isReduceOnly;
  const entering = isEntering ? order.priceTicks * (order.qtySteps - order.filledSteps) : 0;
  return JSON.stringify({
    e: 'ORDER_TRADE_UPDATE',
    T: timeMs,
    E: timeMs,
    o: {
      s: order.symbol,
      c: order.clientOrderId,
      S: order.side.toUpperCase(),
      o: order.type,
      f: order.timeInForce,
      q: steps(order.qtySteps),
      p: shortText(priceText(instrument, order.priceTicks)),
      ap: short(averagePriceE8(listing, order.filledTickSteps, order.filledSteps)),
      sp: '0',
      x: type,
      X: order.status,
      i: order.orderId,
      l: steps(trade?.qtySteps ?? 0),
      z: steps(order.filledSteps),
      L: short(trade?.priceE8 ?? 0),
      ...(trade === undefined ? {} : { n: short(trade.feeE8), N: 'USDT' }),
      T: timeMs,
      t: trade?.id ?? 0,
      b: short(moneyOfE8(listing.terms, position.bidTickSteps + (order.side === 'buy' ? entering : 0))),
      a: short(moneyOfE8(listing.terms, position.askTickSteps + (order.side === 'sell' ? entering : 0))),
      m: trade?.isMaker ?? false,
      R: order.isReduceOnly,
      wt: 'CONTRACT_PRICE',
      ot: order.origType,
      ps: order.positionSide,
      cp: order.isClosePosition,
      rp: short(trade?.realisedE8 ?? 0),
      pP: false,
      si: 0,
      ss: 0,
      V: order.selfTradePrevention,
      pm: 'NONE',
      gtd: order.goodTillMs,
      er: '0',
    },
  });
}

/** The lighter word of a fill, which comes before the others. */
export function tradeLite({ instrument }: Listing, order: VenueOrder, trade: UserTrade): string {
  return JSON.stringify({
    e: 'TRADE_LITE',
    E: trade.timeMs,
    T: trade.timeMs,
    s: order.symbol,
    q: quantityText(instrument, order.qtySteps),
    p: priceText(instrument, order.priceTicks),
    m: trade.isMaker,
    c: order.clientOrderId,
    S: order.side.toUpperCase(),
    L: priceText(instrument, trade.priceTicks),
    l: quantityText(instrument, trade.qtySteps),
    t: trade.id,
    i: order.orderId,
  });
}

export type UpdateReason =
  | 'ORDER'
  | 'FUNDING_FEE'
  | 'DEPOSIT'
  | 'WITHDRAW'
  | 'MARGIN_TRANSFER'
  | 'MARGIN_TYPE_CHANGE'
  | 'INSURANCE_CLEAR';

/**
 * @param changedE8 change of the balance that is neither profit nor commission
 * @param symbols whose positions are told
 */
export function accountUpdate(
  listings: Listings,
  state: AccountState,
  reason: UpdateReason,
  changedE8: number,
  symbols: readonly string[],
  timeMs: number,
): string {
  return JSON.stringify({
    e: 'ACCOUNT_UPDATE',
    T: timeMs,
    E: timeMs,
    a: {
      B: [{ a: 'USDT', wb: short(state.walletE8), cw: short(crossWalletE8(state)), bc: short(changedE8) }],
      P: symbols.flatMap((symbol) => positionTexts(listings, state, symbol)),
      m: reason,
    },
  });
}

function positionTexts({ bySymbol, terms }: Listings, state: AccountState, symbol: string): Record<string, string>[] {
  const listing = bySymbol.get(symbol) as Listing;
  const book = bookOf(terms, state, symbol);
  const sides = state.positionMode === 'hedge' ? (['LONG', 'SHORT'] as const) : (['BOTH'] as const);
  return sides.map((positionSide) => {
    const position = positionOf(book, positionSide);
    const entryE8 = priceOfCostE8(listing, position.costE8, position.steps);
    return {
      s: symbol,
      pa: shortText(quantityText(listing.instrument, position.steps)),
      ep: short(entryE8),
      cr: short(book.realisedE8),
      up: short(unrealisedE8(position)),
      mt: book.marginType,
      iw: short(position.isolatedWalletE8),
      ps: positionSide,
      ma: 'USDT',
      bep: short(breakEvenE8(entryE8, position.steps, state.takerRateE8)),
    };
  });
}

/** The price at which a position gives back the taker's fee that opened it; Binance counts funding and closed parts as well. */
export function breakEvenE8(entryE8: number, steps: number, takerRateE8: number): number {
  return entryE8 + Math.sign(steps) * Math.round((entryE8 * takerRateE8) / 1e8);
}

export function leverageUpdate(symbol: string, leverage: number, timeMs: number): string {
  return JSON.stringify({ e: 'ACCOUNT_CONFIG_UPDATE', E: timeMs, T: timeMs, ac: { s: symbol, l: leverage } });
}

/** @param order the order that it has become, where it has */
export function algoUpdate(listing: Listing, algo: AlgoOrder, order: VenueOrder | undefined, timeMs: number): string {
  const { instrument } = listing;
  const price = (ticks: number): string => shortText(priceText(instrument, Number.isNaN(ticks) ? 0 : ticks));
  return JSON.stringify({
    e: 'ALGO_UPDATE',
    T: timeMs,
    E: timeMs,
    o: {
      caid: algo.clientAlgoId,
      aid: algo.orderId,
      at: 'CONDITIONAL',
      o: algo.type,
      s: algo.symbol,
      S: algo.side.toUpperCase(),
      ps: algo.positionSide,
      f: algoTimeInForce(algo),
      q: shortText(quantityText(instrument, algo.qtySteps)),
      X: algo.status,
      ai: algo.actualOrderId === 0 ? '' : String(algo.actualOrderId),
      ...(order === undefined
        ? {}
        : {
            ap: amountText(averagePriceE8(listing, order.filledTickSteps, order.filledSteps)),
            aq: quantityText(instrument, order.filledSteps),
            act: order.type,
          }),
      tp: price(algo.triggerTicks),
      p: price(algo.priceTicks),
      V: algo.selfTrade,
      wt: algo.workingType,
      pm: 'NONE',
      cp: algo.closesPosition,
      pP: algo.isPriceProtected,
      R: algo.isReduceOnly,
      tt: algo.triggeredMs,
      gtd: algo.goodTillMs,
      ...(algo.failure === '' ? {} : { rm: algo.failure }),
      ia: !Number.isNaN(algo.peakTicks),
    },
  });
}
