import { bestTick } from '../../../operators/book/ladder.ts';
import type { ExchangeListener, OrderRequest } from '../../../operators/matching/order.ts';
import { execute } from '../../../operators/matching/place-order.ts';
import { RISK_AVERSE } from '../../../operators/matching/queue-model.ts';
import {
  cancelOrder,
  createRecordedExchange,
  type ExchangeRules,
  exchangeEvent,
  type RecordedExchange,
} from '../../../operators/matching/recorded-exchange.ts';
import { offered } from '../../../operators/matching/take-liquidity.ts';
import { DecodeError } from '../../../streams/events/decode-error.ts';
import { createDecoder, type Decoder, type MarketEvent } from '../../../streams/events/decoder.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { decimalText, type Instrument } from '../instrument.ts';
import type { MarketOrder, TradingListener, TradingMarket } from '../trading-market.ts';
import { type MarkWatch, markWatch } from './mark-watch.ts';

/** Accounts against a recording, which they do not change: their orders stand in queues that a risk-averse model reckons. */
export interface RecordedTrading extends TradingMarket {
  /** The payload of an event of a stream, in the order of the recording; `depthSnapshot` for an answer of `GET /depth`. */
  readonly played: (symbol: string, channel: string, payload: string) => void;
  /** Between two lines of the recording: now orders may be placed. */
  readonly turn: () => void;
}

interface Traded {
  readonly decoder: Decoder;
  /** The market without orders, of which each account's copy is made. */
  readonly market: RecordedExchange;
  readonly byOwner: Map<string, RecordedExchange>;
  readonly marks: MarkWatch;
  lastTicks: number | undefined;
}

export function recordedTrading(instruments: readonly Instrument[], nowMs: () => number): RecordedTrading {
  const traded = new Map(instruments.map((instrument) => [instrument.symbol, createTraded(instrument)]));
  const of = (symbol: string): Traded => traded.get(symbol) as Traded;
  let heard: TradingListener | undefined;
  let lastTradeId = 0;
  /** Changes of an exchange while it is at an event; they are made after it. */
  let later: (() => void)[] | undefined;
  const soon = (change: () => void): void => void (later === undefined ? change() : later.push(change));

  const rulesOf = (owner: string, symbol: string): ExchangeRules => ({
    queue: RISK_AVERSE,
    fills: 'partial',
    account: {
      refusal: () => 0,
      reducibleSteps: (side, positionSide) => heard?.reducibleSteps(owner, symbol, side, positionSide) ?? 0,
    },
  });
  const listener = (onRest?: (leftSteps: number) => void): ExchangeListener => ({
    onAccepted: () => {},
    onUnknown: () => {},
    ...(onRest === undefined ? {} : { onRest: (_orderId, _ticks, leftSteps) => onRest(leftSteps) }),
    onFill: ({ orderId }, priceTicks, qtySteps, kind) => {
      const isMaker = kind !== 'taker';
      heard?.onFill({ orderId, tradeId: ++lastTradeId, priceTicks, qtySteps, isMaker, timeMs: nowMs() });
    },
    onEnd: (orderId, end) => {
      if (end === 'EXPIRED_IN_MATCH') heard?.onExpired(orderId, 'match', nowMs());
      else if (end === 'EXPIRED' && onRest === undefined) heard?.onExpired(orderId, 'reduce-only', nowMs());
    },
  });
  const exchangeOf = ({ owner, symbol }: MarketOrder): RecordedExchange => {
    const { byOwner, market } = of(symbol);
    let found = byOwner.get(owner);
    if (found === undefined) {
      found = { ...createRecordedExchange(), book: structuredClone(market.book) };
      byOwner.set(owner, found);
    }
    return found;
  };
  const requestOf = (order: MarketOrder): OrderRequest => ({
    orderId: order.orderId,
    side: order.side,
    type: order.limitTicks === undefined ? 'MARKET' : 'LIMIT',
    timeInForce: order.rests ? 'GTC' : 'IOC',
    priceTicks: order.limitTicks ?? Number.NaN,
    qtySteps: order.qtySteps,
    isReduceOnly: order.isReduceOnly,
    positionSide: order.positionSide,
    selfTrade: order.selfTradePrevention,
  });

  const event = (symbol: string, told: MarketEvent): void => {
    const { market, byOwner } = of(symbol);
    later = [];
    exchangeEvent(market, rulesOf('', symbol), told, listener());
    for (const [owner, exchange] of byOwner) exchangeEvent(exchange, rulesOf(owner, symbol), told, listener());
    const changes = later;
    later = undefined;
    for (const change of changes) change();
  };

  return {
    begin: (target) => {
      heard = target;
    },
    catchUp: nowMs,
    mark: (symbol) => of(symbol).marks.latest(),
    lastTicks: (symbol) => of(symbol).lastTicks,
    bestTicks: (symbol, side) => {
      const { book } = of(symbol).market;
      const tick = book.invalidity === null ? bestTick(side === 'buy' ? book.bids : book.asks) : Number.NaN;
      return Number.isFinite(tick) ? tick : undefined;
    },
    offeredSteps: (order) => {
      const exchange = exchangeOf(order);
      if (exchange.book.invalidity !== null) return 0;
      const isBuy = order.side === 'buy';
      const limit = order.limitTicks ?? (isBuy ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
      const { bids, asks } = exchange.book;
      return offered(exchange, rulesOf(order.owner, order.symbol), isBuy ? asks : bids, limit, order.qtySteps);
    },
    place: (order) => {
      let restingSteps = 0;
      const hears = listener((leftSteps) => {
        restingSteps = leftSteps;
      });
      execute(exchangeOf(order), rulesOf(order.owner, order.symbol), requestOf(order), 0, 0, hears);
      return restingSteps;
    },
    cancel: (symbol, orderId) =>
      soon(() => {
        // The account's side of it is done already, so that nobody has to hear of it.
        for (const exchange of of(symbol).byOwner.values())
          cancelOrder(
            exchange,
            orderId,
            listener(() => {}),
          );
      }),
    reduceTo: (symbol, orderId, leftSteps) =>
      soon(() => {
        for (const { orders } of of(symbol).byOwner.values()) {
          const order = orders.find((each) => each.orderId === orderId);
          if (order !== undefined) order.leftSteps = Math.min(order.leftSteps, leftSteps);
        }
      }),
    turn: () => heard?.onTurn(nowMs()),
    played: (symbol, channel, payload) => {
      const state = of(symbol);
      if (channel === 'markPrice') {
        const { mark, funding } = state.marks.played(payload, nowMs());
        if (funding !== undefined) heard?.onFunding(symbol, funding.rateE8, funding.markPriceE8, funding.timeMs);
        if (mark !== undefined) heard?.onMark(symbol, mark);
        return;
      }
      const told = decoded(state.decoder, channel, payload);
      if (told === undefined) return;
      event(symbol, told);
      if (told.type !== 'trade') return;
      state.lastTicks = told.priceTicks;
      heard?.onTrade(symbol, told.priceTicks);
    },
  };
}

function createTraded(instrument: Instrument): Traded {
  const { tickUnits, pricePrecision, stepUnits, quantityPrecision } = instrument;
  const scale = createScale(decimalText(tickUnits, pricePrecision), decimalText(stepUnits, quantityPrecision));
  return {
    decoder: createDecoder(scale),
    market: createRecordedExchange(),
    byOwner: new Map(),
    marks: markWatch(),
    lastTicks: undefined,
  };
}

/** Undefined for a payload that is damaged: what it would have changed stays as it was, and the book finds the gap. */
function decoded(decoder: Decoder, channel: string, payload: string): MarketEvent | undefined {
  try {
    return decoder.decode(channel, Buffer.from(payload));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
