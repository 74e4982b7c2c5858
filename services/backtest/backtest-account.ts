import { evolveAccount } from '../../operators/account/account.ts';
import type { AccountEvent } from '../../operators/account/account-event.ts';
import { type AccountState, createAccountState } from '../../operators/account/account-state.ts';
import { createAccountTerms } from '../../operators/account/account-terms.ts';
import { createInstrumentTerms } from '../../operators/account/instrument-terms.ts';
import { nextLiquidation } from '../../operators/account/liquidation.ts';
import { canPlace, reducibleSteps } from '../../operators/account/place-order.ts';
import { equityE8 } from '../../operators/account/valuation.ts';
import type { OrderRequest, OrderSide } from '../../operators/matching/order.ts';
import type { ExchangeAccount } from '../../operators/matching/recorded-exchange.ts';
import type { SimulatedFill, SimulationListener } from '../../pipelines/simulation/simulation-listener.ts';
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
  /** How often the account is sampled, ms. */
  readonly sampleMs: number;
  /** A position is to be closed by the exchange. */
  readonly onLiquidation: (side: OrderSide, qtySteps: number, priceTicks: number) => void;
}

/** The account of a run: what orders it allows, and what became of it. */
export interface BacktestAccount extends SimulationListener {
  readonly exchange: ExchangeAccount;
  readonly state: AccountState;
  readonly fills: readonly BacktestFill[];
  readonly funding: readonly FundingPayment[];
  readonly liquidations: number;
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
  const { instrument, scale, balance, leverage, feeTier, sampleMs, onLiquidation } = options;
  const terms = createAccountTerms({ instruments: [createInstrumentTerms({ instrument, scale })] });
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

  function apply(event: AccountEvent): void {
    evolveAccount(terms, state, event);
  }

  /** What events of an order have in common. */
  function eventOf(orderId: number, side: OrderSide, timeUs: number) {
    return { timeMs: timeUs / 1_000, instrument, orderId: String(orderId), side, positionSide: 'BOTH' } as const;
  }

  const begins = { timeMs: 0, instrument };
  apply({ type: 'deposit', timeMs: 0, amountE8: Math.round(balance * 1e8) });
  apply({ type: 'leverageSet', ...begins, leverage });
  apply({ type: 'feeTierSet', timeMs: 0, tier: feeTier, hasBnbDiscount: false });

  function mark(timeMs: number, markPrice: number): void {
    if (!(markPrice > 0)) return;
    apply({ type: 'markPrice', timeMs, instrument, markPriceE8: Math.round(markPrice * 1e8) });
    if (book.both.steps !== 0) liquidateWhereDue(timeMs, markPrice);
  }

  function liquidateWhereDue(timeMs: number, markPrice: number): void {
    const due = nextLiquidation(terms, state, timeMs);
    if (due === null) return;
    const side = book.both.steps > 0 ? 'sell' : 'buy';
    const priceTicks = Math.round(markPrice / scale.price.toNumber(1));
    onLiquidation(side, due.qtySteps, priceTicks);
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
  }

  function settle({ eventTimeMs, markPrice, fundingRate, nextFundingTimeMs }: MarkPrice): void {
    const due = fundingClock.next(eventTimeMs, fundingRate, nextFundingTimeMs);
    if (due === null || book.both.steps === 0) return;
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
    const at = eventOf(orderId, side, timeUs);
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

  return {
    exchange: {
      refusal({ side, qtySteps, isReduceOnly }, priceTicks) {
        // Of a market order where nothing is offered the exchange says so itself.
        if (Number.isNaN(priceTicks)) return 0;
        const order = { instrument, side, positionSide: 'BOTH', priceTicks, qtySteps, isReduceOnly } as const;
        return canPlace(terms, state, order)?.code ?? 0;
      },
      reducibleSteps: (side) => reducibleSteps(book.both, side),
    },
    state,
    fills,
    funding,
    get liquidations() {
      return liquidations;
    },
    curve: curve.take,
    onSend(request, midTicks) {
      sent.set(request.orderId, { request, midTicks, restsAt: null, leftSteps: request.qtySteps });
    },
    onRest(orderId, priceTicks, leftSteps, timeUs) {
      const order = sent.get(orderId)!;
      order.restsAt = priceTicks;
      order.leftSteps = leftSteps;
      const { side, isReduceOnly } = order.request;
      apply({ type: 'orderOpened', ...eventOf(orderId, side, timeUs), priceTicks, qtySteps: leftSteps, isReduceOnly });
    },
    onFill,
    onEnd(orderId, _, __, timeUs) {
      const order = sent.get(orderId);
      sent.delete(orderId);
      if (order === undefined || order.restsAt === null || order.leftSteps === 0) return;
      const { side, isReduceOnly } = order.request;
      apply({
        type: 'orderEnded',
        ...eventOf(orderId, side, timeUs),
        priceTicks: order.restsAt,
        qtySteps: order.leftSteps,
        isReduceOnly,
      });
    },
    onExchangeEvent(event, timeUs, midTicks) {
      const timeMs = timeUs / 1_000;
      if (event.type === 'markPrice') {
        hasMarkPrices = true;
        mark(timeMs, event.markPrice);
        settle(event);
      }
      if (!curve.isDue(timeMs)) return;
      if (!hasMarkPrices) mark(timeMs, price(midTicks));
      const markPrice = book.isMarked ? book.markPriceE8 / 1e8 : price(midTicks);
      if (markPrice > 0) curve.add(timeMs, equityE8(state) / 1e8, scale.qty.toNumber(1) * book.both.steps, markPrice);
    },
  };
}
