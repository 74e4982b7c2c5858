import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import {
  addToTimedSums,
  advanceTimedSums,
  clearTimedSums,
  createTimedSums,
  type TimedSums,
} from '../rolling/timed-sums.ts';
import type { FeatureFold } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** A spread or a part of it. */
export interface TradeCost {
  /** In ticks: mean over the trades, each by its quantity. */
  readonly price: number;
  /** Of the midprice: mean over the trades, each by its quantity times the midprice. */
  readonly bps: number;
}

/** A trade whose midprice after `delayMs` is not known yet. */
interface WaitingTrade {
  readonly dueMs: number;
  /** 1: the taker bought, −1: it sold. */
  readonly direction: 1 | -1;
  readonly twicePrice: number;
  readonly twiceMid: number;
  readonly qtySteps: number;
}

/** Plain data. */
export interface TradeCostsState {
  /** Twice the last midprice, which is whole; NaN where there is no valid book. */
  twiceMid: number;
  /** When the first trade that has a midprice came; −1 before it. */
  sinceMs: number;
  nowMs: number;
  /** Oldest first, from `waited` on. */
  waiting: WaitingTrade[];
  waited: number;
  /** Quantity × twice the cost, quantity × twice the midprice, quantity. */
  readonly sums: TimedSums;
}

/** Trades that have had their turn are kept up to so many, so that not each one moves all that wait. */
const WAITED_MAX = 256;

/**
 * A cost of the trades of the last `windowMs`, of those that are known: a trade's cost is known once something later
 * than `delayMs` after it has come, which says that the last midprice before is the one of that instant. The book and
 * the trades come on different connections: a trade's own midprice is the last before it in the log.
 *
 * Speaks from `delayMs + windowMs` after the first trade on, while a trade is known; a break of the book or a gap of
 * the trades starts it anew.
 * @param twiceCost of a trade, from twice its price and twice the midprices then and `delayMs` later
 */
export function ofTradeCosts(
  options: { readonly windowMs: number; readonly delayMs: number },
  twiceCost: (trade: {
    readonly direction: 1 | -1;
    readonly twicePrice: number;
    readonly twiceMid: number;
    readonly twiceMidLater: number;
  }) => number,
): FeatureFold<TopOfBook | BookBreak | Trade | Gap | Sample, TradeCostsState, TradeCost> {
  const { windowMs, delayMs } = options;

  function passTime(state: TradeCostsState, timeMs: number): void {
    state.nowMs = Math.max(state.nowMs, timeMs);
    while (state.waited < state.waiting.length && state.waiting[state.waited]!.dueMs < state.nowMs)
      know(state, state.waiting[state.waited++]!);
    if (state.waited > WAITED_MAX || (state.waited > 0 && state.waited === state.waiting.length)) {
      state.waiting = state.waiting.slice(state.waited);
      state.waited = 0;
    }
    advanceTimedSums(state.sums, state.nowMs);
  }

  function know({ sums, twiceMid }: TradeCostsState, trade: WaitingTrade): void {
    const cost = twiceCost({ ...trade, twiceMidLater: twiceMid });
    addToTimedSums(sums, trade.dueMs, [trade.qtySteps * cost, trade.qtySteps * trade.twiceMid, trade.qtySteps]);
  }

  function takeTrade(state: TradeCostsState, { priceTicks, qtySteps, aggressorSide }: Trade): void {
    if (Number.isNaN(state.twiceMid)) return;
    if (state.sinceMs < 0) state.sinceMs = state.nowMs;
    const trade: WaitingTrade = {
      dueMs: state.nowMs + delayMs,
      direction: aggressorSide === 'buy' ? 1 : -1,
      twicePrice: 2 * priceTicks,
      twiceMid: state.twiceMid,
      qtySteps,
    };
    if (delayMs === 0) know(state, trade);
    else state.waiting.push(trade);
  }

  function restart(state: TradeCostsState): void {
    state.sinceMs = -1;
    state.waiting = [];
    state.waited = 0;
    clearTimedSums(state.sums);
  }

  return {
    initialState: () => ({
      twiceMid: Number.NaN,
      sinceMs: -1,
      nowMs: 0,
      waiting: [],
      waited: 0,
      sums: createTimedSums(windowMs, 3),
    }),
    evolve: (state, event) => {
      if (event.type === 'bookBreak') {
        state.twiceMid = Number.NaN;
        restart(state);
      } else if (event.type === 'gap') {
        if (concernsTrades(event)) restart(state);
      } else {
        passTime(state, event.type === 'sample' ? event.timeMs : event.transactionTimeMs);
        if (event.type === 'topOfBook') state.twiceMid = event.bidTicks + event.askTicks;
        else if (event.type === 'trade') takeTrade(state, event);
      }
      return state;
    },
    project: ({ sinceMs, nowMs, sums: { sums } }) => {
      const isWarm = sinceMs >= 0 && nowMs - sinceMs >= windowMs + delayMs;
      const [twiceCosts, twiceMids, qty] = [sums[0]!, sums[1]!, sums[2]!];
      if (!isWarm || qty === 0) return undefined;
      return { price: twiceCosts / (2 * qty), bps: (10_000 * twiceCosts) / twiceMids };
    },
  };
}
