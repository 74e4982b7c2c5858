import { hash32, random } from '../../../operators/random.ts';
import type { FairValue } from './fair-value.ts';
import { cancelOrder, type MatchingListener, placeLimit, placeMarket } from './matching/matching.ts';
import { type BookSide, bestLevel, type OrderBook, type Side } from './matching/order-book.ts';
import type { MarketProfile } from './profiles.ts';

/** The fair value is looked up this often; between the looks traders act on the last one. */
const FAIR_VALUE_REFRESH_MS = 50;
/** Trades excite trades (Hawkes): memory of the excitement. */
const EXCITEMENT_DECAY_MS = 1200;
const EXCITEMENT_PER_TRADE = 0.06;
const EXCITEMENT_MAX = 1.2;
/** Share of actions that are market orders when nothing is going on. */
const MARKET_SHARE = 0.012;
/** Farthest a limit order is placed from the best price, relative to it. */
const PLACEMENT_RANGE = 0.08;
/** At most so many orders leave at once when makers pull back. */
const PULLED_ORDERS_MAX = 25;

/**
 * A zero-intelligence flow of limit orders, cancellations and market orders (Farmer, Patelli & Zovko 2005), with three things added:
 * trades cluster, volatility clusters, and everybody leans towards the fair value so that the price follows it.
 */
export interface OrderFlow {
  /** Puts the resting orders of a market that has been open for long. */
  readonly fill: (startMs: number) => void;
  /** One action at `timeMs`; returns the time of the next. */
  readonly act: (timeMs: number, intensity: number) => number;
  /** An id for an order from outside of the flow. */
  readonly nextOrderId: () => number;
}

export function orderFlow(
  profile: MarketProfile,
  book: OrderBook,
  fair: FairValue,
  listener: MatchingListener,
  options: { readonly seed: number; readonly anchorMs: number; readonly pace: number },
): OrderFlow {
  const rng = random(hash32(options.seed, profile.symbol, options.anchorMs));
  const tick = profile.tickUnits / 10 ** profile.pricePrecision;
  const stepsPerUnit = 10 ** profile.quantityPrecision / profile.stepUnits;
  const rangeTicks = Math.floor((profile.referencePrice * PLACEMENT_RANGE) / tick);
  const bidIds: number[] = [];
  const askIds: number[] = [];
  let orderId = 0;
  let fairTicks = 0;
  let agitation = 1;
  let fairAtMs = Number.NEGATIVE_INFINITY;
  let excitement = 0;
  let lastMs = options.anchorMs;

  const look = (timeMs: number): void => {
    if (timeMs - fairAtMs < FAIR_VALUE_REFRESH_MS / options.pace) return;
    fairAtMs = timeMs;
    fairTicks = (fair.index(timeMs) * (1 + fair.premium(timeMs))) / tick;
    agitation = fair.agitation(timeMs);
  };

  const lognormalSteps = (median: number, spread: number): number =>
    Math.max(1, Math.round(median * stepsPerUnit * Math.exp(spread * rng.normal())));

  /** Power law beyond the best price: many near, some far, as in real books (Bouchaud, Mézard & Potters 2002). */
  const distanceTicks = (): number =>
    Math.min(rangeTicks, Math.floor(profile.placementScaleTicks * ((1 - rng.uniform()) ** (-1 / 0.9) - 1)));

  const rest = (side: Side, priceTicks: number): void => {
    const id = ++orderId;
    const qtySteps = lognormalSteps(profile.medianOrderQty, 1.3);
    const { restingSteps } = placeLimit(book, { id, side, priceTicks, qtySteps, timeInForce: 'GTX' }, listener);
    if (restingSteps > 0) (side === 'bid' ? bidIds : askIds).push(id);
  };

  const place = (side: Side): void => {
    const bid = bestLevel(book.bids)?.priceTicks ?? Math.floor(fairTicks) - 1;
    const ask = bestLevel(book.asks)?.priceTicks ?? Math.ceil(fairTicks) + 1;
    const spreadTicks = ask - bid;
    const choice = rng.uniform();
    const away = side === 'bid' ? -1 : 1;
    const best = side === 'bid' ? bid : ask;
    // Nobody offers a passive order on the wrong side of the fair value.
    const passive = side === 'bid' ? Math.min(bid, Math.floor(fairTicks)) : Math.max(ask, Math.ceil(fairTicks));
    if (spreadTicks > 1 && choice < 0.6) {
      const improved = best - away * (1 + rng.below(Math.min(spreadTicks - 1, Math.max(4, spreadTicks >> 1))));
      const fairest =
        side === 'bid' ? Math.max(bid + 1, Math.floor(fairTicks)) : Math.min(ask - 1, Math.ceil(fairTicks));
      rest(side, side === 'bid' ? Math.min(improved, fairest) : Math.max(improved, fairest));
    } else if (choice < 0.12) rest(side, best);
    else rest(side, Math.max(1, passive + away * distanceTicks()));
  };

  /** `threatened` > 0: the fair value has moved towards this side, or through it. */
  const cancel = (half: BookSide, threatened: number): void => {
    if (rng.uniform() < 0.06 + 0.5 * Math.max(0, threatened)) {
      pull(half, threatened);
      return;
    }
    const ids = half === book.bids ? bidIds : askIds;
    while (ids.length > 0) {
      const slot = rng.below(ids.length);
      const id = ids[slot] as number;
      ids[slot] = ids[ids.length - 1] as number;
      ids.pop();
      if (cancelOrder(book, id, listener)) return;
    }
  };

  /** Cancels at the best price: one order in quiet times, everything that the fair value has gone through in others. */
  const pull = (half: BookSide, threatened: number): void => {
    const orders = threatened > 0.6 ? PULLED_ORDERS_MAX : 1;
    for (let i = 0; i < orders && half.orderCount > 50; i++) {
      const level = bestLevel(half);
      if (level?.last === undefined) return;
      const isBeyond = half.side === 'bid' ? level.priceTicks > fairTicks : level.priceTicks < fairTicks;
      if (i > 0 && !isBeyond) return;
      cancelOrder(book, level.last.id, listener);
    }
  };

  const take = (lean: number): void => {
    const side: Side = rng.uniform() < 0.5 + 0.42 * lean ? 'bid' : 'ask';
    const half = side === 'bid' ? book.asks : book.bids;
    if (half.orderCount < 50) return;
    const sweep = rng.uniform() < 0.02 ? 12 : 1;
    const qtySteps = Math.round(lognormalSteps(profile.medianMarketQty, 1.6) * sweep);
    placeMarket(book, side, Math.min(qtySteps, Math.round(profile.medianMarketQty * 400 * stepsPerUnit)), listener);
    excitement = Math.min(EXCITEMENT_MAX, excitement + EXCITEMENT_PER_TRADE);
  };

  const act = (timeMs: number, intensity: number): number => {
    look(timeMs);
    excitement *= Math.exp((-(timeMs - lastMs) * options.pace) / EXCITEMENT_DECAY_MS);
    lastMs = timeMs;
    const bid = bestLevel(book.bids)?.priceTicks ?? fairTicks;
    const ask = bestLevel(book.asks)?.priceTicks ?? fairTicks;
    const lean = Math.tanh((fairTicks - (bid + ask) / 2) / Math.max(4, (0.00002 * profile.referencePrice) / tick));
    const marketShare = Math.min(0.3, MARKET_SHARE * (0.4 + agitation + lean * lean) * (1 + 3 * excitement));
    if (rng.uniform() < marketShare) take(lean);
    else {
      const half = rng.uniform() < 0.5 ? book.bids : book.asks;
      const shortage = 1 - half.orderCount / profile.ordersPerSide;
      const push = half === book.bids ? lean : -lean;
      const placed = 0.5 + Math.max(-0.45, Math.min(0.45, 1.5 * shortage + 0.1 * push));
      if (rng.uniform() < placed) place(half.side);
      else cancel(half, -push);
    }
    const actionsPerMs = (profile.actionsPerSecond * intensity * options.pace * (0.6 + 0.4 * agitation)) / 1000;
    return timeMs + rng.exponential(1 / actionsPerMs);
  };

  return {
    fill: (startMs) => {
      look(startMs);
      const middle = Math.round(fairTicks);
      for (let i = 0; i < profile.ordersPerSide; i++) {
        rest('bid', Math.max(1, middle - 1 - (i < 8 ? 0 : distanceTicks())));
        rest('ask', middle + (i < 8 ? 0 : distanceTicks()));
      }
    },
    act,
    nextOrderId: () => ++orderId,
  };
}
