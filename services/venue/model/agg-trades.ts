import type { AggTradesQuery } from '../market-source.ts';

/** One execution between two orders. Times in ms, price in ticks, quantity in steps. */
export interface ModelTrade {
  readonly id: number;
  readonly timeMs: number;
  readonly priceTicks: number;
  readonly qtySteps: number;
  /** True when the buyer's order was the resting one: the aggressor sold. */
  readonly isBuyerMaker: boolean;
}

/** Consecutive trades at one price and one aggressor side, within 100 ms. */
export interface AggTrade {
  readonly id: number;
  readonly timeMs: number;
  readonly priceTicks: number;
  readonly qtySteps: number;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly isBuyerMaker: boolean;
}

/** Trades later than this after the first are not joined to it. */
const AGGREGATION_MS = 100;
/** An aggregate is sent when it can grow no more; this long after its first trade when nothing follows [frames of September 2026]. */
const RELEASE_MS = 150;

export interface AggTradeBuilder {
  /** Joins the trade to the open aggregate, or closes that one and opens another. */
  readonly add: (trade: ModelTrade) => void;
  /** When the open aggregate has to be closed, or Infinity. */
  readonly releaseAtMs: () => number;
  readonly release: () => void;
}

/** @param pace both times shrink by it. */
export function aggTradeBuilder(firstId: number, pace: number, onClosed: (trade: AggTrade) => void): AggTradeBuilder {
  let nextId = firstId;
  let open: AggTrade | undefined;
  const release = (): void => {
    if (open === undefined) return;
    const closed = open;
    open = undefined;
    onClosed(closed);
  };
  return {
    add: (trade) => {
      if (
        open !== undefined &&
        open.priceTicks === trade.priceTicks &&
        open.isBuyerMaker === trade.isBuyerMaker &&
        trade.timeMs - open.timeMs <= AGGREGATION_MS / pace
      ) {
        open = { ...open, qtySteps: open.qtySteps + trade.qtySteps, lastTradeId: trade.id };
        return;
      }
      release();
      open = { ...trade, id: nextId++, firstTradeId: trade.id, lastTradeId: trade.id };
    },
    releaseAtMs: () => (open === undefined ? Number.POSITIVE_INFINITY : open.timeMs + RELEASE_MS / pace),
    release,
  };
}

/** 2^17 aggregates are kept for `GET /fapi/v1/aggTrades`: some hours at the ordinary pace, in 5 MB a symbol. */
const KEPT = 1 << 17;
const COLUMNS = 5;

/** The latest aggregates in a ring of plain numbers. */
export interface AggTradeStore {
  readonly push: (trade: AggTrade) => void;
  /** Oldest first, as Binance answers: from an id, from a start time, or the latest. */
  readonly select: (query: AggTradesQuery) => AggTrade[];
}

export function aggTradeStore(firstId: number, capacity: number = KEPT): AggTradeStore {
  const rows = new Float64Array(capacity * COLUMNS);
  const isBuyerMaker = new Uint8Array(capacity);
  let nextId = firstId;
  const oldestId = (): number => Math.max(firstId, nextId - capacity);
  const read = (id: number): AggTrade => {
    const slot = (id - firstId) % capacity;
    const at = (column: number): number => rows[slot * COLUMNS + column] as number;
    return {
      id,
      timeMs: at(0),
      priceTicks: at(1),
      qtySteps: at(2),
      firstTradeId: at(3),
      lastTradeId: at(4),
      isBuyerMaker: isBuyerMaker[slot] === 1,
    };
  };
  /** First id whose time is not before `timeMs`. */
  const firstSince = (timeMs: number): number => {
    let low = oldestId();
    let high = nextId;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (read(middle).timeMs < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    push: (trade) => {
      const slot = (trade.id - firstId) % capacity;
      rows.set([trade.timeMs, trade.priceTicks, trade.qtySteps, trade.firstTradeId, trade.lastTradeId], slot * COLUMNS);
      isBuyerMaker[slot] = trade.isBuyerMaker ? 1 : 0;
      nextId = trade.id + 1;
    },
    select: ({ fromId, startTimeMs, endTimeMs, limit }) => {
      let from = Math.max(oldestId(), nextId - limit);
      let to = nextId;
      if (endTimeMs !== undefined) {
        to = firstSince(endTimeMs + 1);
        from = Math.max(oldestId(), to - limit);
      }
      if (startTimeMs !== undefined) from = firstSince(startTimeMs);
      if (fromId !== undefined) from = Math.max(oldestId(), fromId);
      const trades: AggTrade[] = [];
      for (let id = from; id < to && trades.length < limit; id++) trades.push(read(id));
      return trades;
    },
  };
}
