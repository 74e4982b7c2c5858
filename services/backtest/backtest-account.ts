import { evolveAccount } from '../../operators/account/account.ts';
import type { AccountEvent, PositionMode, PositionSide } from '../../operators/account/account-event.ts';
import { type AccountState, createAccountState, positionOf } from '../../operators/account/account-state.ts';
import { createAccountTerms } from '../../operators/account/account-terms.ts';
import { type FeeSchedule, USDT_FEES } from '../../operators/account/fees.ts';
import { createInstrumentTerms } from '../../operators/account/instrument-terms.ts';
import { nextLiquidation } from '../../operators/account/liquidation.ts';
import { canPlace, reducibleSteps } from '../../operators/account/place-order.ts';
import { equityE8 } from '../../operators/account/valuation.ts';
import type { OrderRequest, OrderSide } from '../../operators/matching/order.ts';
import type { ExchangeAccount } from '../../operators/matching/recorded-exchange.ts';
import type { SimulatedFill, SimulationListener } from '../../pipelines/simulation/simulation-listener.ts';
import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { MarkPrice } from '../../streams/events/mark-price.ts';
import type { Scale } from '../../streams/events/scale.ts';
import type { BacktestFill, EquityCurve, FundingPayment } from './backtest-result.ts';
import { createCurve } from './curve.ts';
import { createFundingClock } from './funding-clock.ts';

export interface BacktestAccountOptions {
  readonly instrument: string;
  readonly scale: Scale;
  /** Quote asset. */
  readonly balance: number;
  readonly leverage: number;
  /** VIP level. */
  readonly feeTier: number;
  /** Binance's where not said. */
  readonly fees?: FeeSchedule | undefined;
  /** One-way where not said. */
  readonly positionMode?: PositionMode | undefined;
  /** How often the account is sampled, ms. */
  readonly sampleMs: number;
  /** Told of what the account has taken in. */
  readonly onEvent?: ((event: AccountEvent) => void) | undefined;
  /** A position is to be closed by the exchange. */
  readonly onLiquidation: (side: OrderSide, qtySteps: number, priceTicks: number, positionSide: PositionSide) => void;
}

/** The account of a run: what orders it allows, and what became of it. */
export interface BacktestAccount extends SimulationListener {
  readonly exchange: ExchangeAccount;
  readonly state: AccountState;
  readonly fills: readonly BacktestFill[];
  readonly funding: readonly FundingPayment[];
  readonly liquidations: number;
  /** Whether the market has told mark prices: else the last trade's price is the mark. */
  readonly hasMarkPrices: boolean;
  /** Whether the book's events say nothing of its worth any more: mark prices or trades do. */
  readonly isPriced: boolean;
  curve(): EquityCurve;
}

interface SentOrder {
  readonly request: OrderRequest;
  readonly midTicks: number;
  /** Where it rests; null: nowhere. */
  restsAt: number | null;
  leftSteps: number;
}

/** Keeps the account of a simulated run, by the fold that paper and live trading have too. */
export function createBacktestAccount(options: BacktestAccountOptions): BacktestAccount {
  const { instrument, scale, balance, leverage, feeTier, sampleMs, onEvent, onLiquidation } = options;
  const { positionMode = 'oneWay', fees = USDT_FEES } = options;
  const terms = createAccountTerms({ instruments: [createInstrumentTerms({ instrument, scale })], fees });
  const state = createAccountState(terms);
  const book = state.books[0]!;
  const sent = new Map<number, SentOrder>();
  const fills: BacktestFill[] = [];
  const funding: FundingPayment[] = [];
  const fundingClock = createFundingClock();
  const curve = createCurve(sampleMs);
  const price = (ticks: number): number => ticks * scale.price.toNumber(1);
  let liquidations = 0;
  let hasMarkPrices = false;
  let hasTrades = false;
  let markedTicks = Number.NaN;

  function apply(event: AccountEvent): void {
    evolveAccount(terms, state, event);
    onEvent?.(event);
  }

  /** What events of an order have in common. */
  function eventOf(orderId: number, { side, positionSide = 'BOTH' }: OrderRequest, timeUs: number) {
    return { timeMs: timeUs / 1_000, instrument, orderId: String(orderId), side, positionSide } as const;
  }

  const heldSteps = (): number => book.both.steps + book.long.steps + book.short.steps;
  const hasPosition = (): boolean => book.both.steps !== 0 || book.long.steps !== 0 || book.short.steps !== 0;

  const begins = { timeMs: 0, instrument };
  if (positionMode !== 'oneWay') apply({ type: 'positionModeSet', timeMs: 0, positionMode });
  apply({ type: 'deposit', timeMs: 0, amountE8: Math.round(balance * 1e8) });
  apply({ type: 'leverageSet', ...begins, leverage });
  apply({ type: 'feeTierSet', timeMs: 0, tier: feeTier, hasBnbDiscount: false });

  function mark(timeMs: number, markPrice: number): void {
    if (!(markPrice > 0)) return;
    apply({ type: 'markPrice', timeMs, instrument, markPriceE8: Math.round(markPrice * 1e8) });
    while (hasPosition() && liquidateWhereDue(timeMs, markPrice));
  }

  /**
   * Where no mark prices are recorded the last trade's price is the mark, and before the first one the middle of the book: of
   * each event, so that nothing hangs on when the account is looked at.
   */
  function markByMarket(event: MarketEvent, timeMs: number, midTicks: number): void {
    const isTrade = event.type === 'trade';
    if (isTrade && !event.isMarket) return;
    hasTrades ||= isTrade;
    if (!isTrade && hasTrades) return;
    const ticks = isTrade ? event.priceTicks : midTicks;
    if (ticks === markedTicks && !hasPosition()) return;
    markedTicks = ticks;
    mark(timeMs, price(ticks));
  }

  /** @returns whether one was: the other side of a hedge may be due, too */
  function liquidateWhereDue(timeMs: number, markPrice: number): boolean {
    const due = nextLiquidation(terms, state, timeMs);
    if (due === null) return false;
    const side = positionOf(book, due.positionSide).steps > 0 ? 'sell' : 'buy';
    const priceTicks = Math.round(markPrice / scale.price.toNumber(1));
    onLiquidation(side, due.qtySteps, priceTicks, due.positionSide);
    const before = { realisedE8: state.realisedE8, feesE8: state.liquidationFeesE8 };
    apply(due);
    liquidations++;
    fills.push({
      timeMs,
      orderId: 0,
      side,
      price: markPrice,
      qty: scale.qty.toNumber(due.qtySteps),
      isMaker: false,
      outcome: 'liquidation',
      fee: (state.liquidationFeesE8 - before.feesE8) / 1e8,
      realisedPnl: (state.realisedE8 - before.realisedE8) / 1e8,
      midWhenSent: markPrice,
      midWhenFilled: markPrice,
    });
    return true;
  }

  function settle({ eventTimeMs, markPrice, fundingRate, nextFundingTimeMs }: MarkPrice): void {
    const due = fundingClock.next(eventTimeMs, fundingRate, nextFundingTimeMs);
    if (due === null || !hasPosition()) return;
    const before = state.fundingE8;
    const markPriceE8 = Math.round(markPrice * 1e8);
    const rateE8 = Math.round(due.rate * 1e8);
    apply({ type: 'fundingSettled', timeMs: due.timeMs, instrument, rateE8, markPriceE8 });
    funding.push({ timeMs: due.timeMs, rate: due.rate, amount: (state.fundingE8 - before) / 1e8 });
  }

  function onFill({ orderId, side, priceTicks, qtySteps, kind, timeUs, midTicks }: SimulatedFill): void {
    const order = sent.get(orderId)!;
    const before = { realisedE8: state.realisedE8, feesE8: state.feesE8 };
    const timeMs = timeUs / 1_000;
    const { isReduceOnly } = order.request;
    const isMaker = kind !== 'taker';
    const at = eventOf(orderId, order.request, timeUs);
    const openedAtTicks = order.restsAt;
    apply({ type: 'fill', ...at, priceTicks, qtySteps, isMaker, isReduceOnly, openedAtTicks, feeE8: null });
    order.leftSteps -= qtySteps;
    fills.push({
      timeMs,
      orderId,
      side,
      price: price(priceTicks),
      qty: scale.qty.toNumber(qtySteps),
      isMaker,
      outcome: kind,
      fee: (state.feesE8 - before.feesE8) / 1e8,
      realisedPnl: (state.realisedE8 - before.realisedE8) / 1e8,
      midWhenSent: price(order.midTicks),
      midWhenFilled: price(midTicks),
    });
    if (order.leftSteps === 0) sent.delete(orderId);
  }

  /** What is left of it is in the book no more. */
  function endOpen(orderId: number, { request, restsAt, leftSteps }: SentOrder, timeUs: number): void {
    if (restsAt === null || leftSteps === 0) return;
    const { isReduceOnly } = request;
    const at = eventOf(orderId, request, timeUs);
    apply({ type: 'orderEnded', ...at, priceTicks: restsAt, qtySteps: leftSteps, isReduceOnly });
  }

  function expect(request: OrderRequest, midTicks: number): void {
    sent.set(request.orderId, { request, midTicks, restsAt: null, leftSteps: request.qtySteps });
  }

  return {
    exchange: {
      refusal({ side, qtySteps, isReduceOnly, positionSide = 'BOTH' }, priceTicks) {
        // Of a market order where nothing is offered the exchange says so itself.
        if (Number.isNaN(priceTicks)) return 0;
        const order = { instrument, side, positionSide, priceTicks, qtySteps, isReduceOnly } as const;
        return canPlace(terms, state, order)?.code ?? 0;
      },
      reducibleSteps: (side, positionSide) => reducibleSteps(positionOf(book, positionSide), side),
    },
    state,
    fills,
    funding,
    get liquidations() {
      return liquidations;
    },
    get hasMarkPrices() {
      return hasMarkPrices;
    },
    get isPriced() {
      return hasMarkPrices || hasTrades;
    },
    curve: curve.take,
    onSend: expect,
    onTriggered: expect,
    onRest(orderId, priceTicks, leftSteps, timeUs) {
      const order = sent.get(orderId)!;
      order.restsAt = priceTicks;
      order.leftSteps = leftSteps;
      const { isReduceOnly } = order.request;
      const at = eventOf(orderId, order.request, timeUs);
      apply({ type: 'orderOpened', ...at, priceTicks, qtySteps: leftSteps, isReduceOnly });
    },
    onAmended(orderId, leftSteps, timeUs) {
      const order = sent.get(orderId)!;
      endOpen(orderId, order, timeUs);
      order.restsAt = null;
      order.leftSteps = leftSteps;
    },
    onFill,
    onEnd(orderId, _, __, timeUs) {
      const order = sent.get(orderId);
      sent.delete(orderId);
      if (order !== undefined) endOpen(orderId, order, timeUs);
    },
    onExchangeEvent(event, timeUs, midTicks) {
      const timeMs = timeUs / 1_000;
      if (event.type === 'markPrice') {
        hasMarkPrices = true;
        mark(timeMs, event.markPrice);
        settle(event);
      } else if (!hasMarkPrices) markByMarket(event, timeMs, midTicks);
      if (!curve.isDue(timeMs)) return;
      const markPrice = book.isMarked ? book.markPriceE8 / 1e8 : price(midTicks);
      if (markPrice > 0) curve.add(timeMs, equityE8(state) / 1e8, scale.qty.toNumber(1) * heldSteps(), markPrice);
    },
  };
}
