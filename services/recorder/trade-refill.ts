import type { Log } from '../../infra/service.ts';
import { createBackoff } from './backoff.ts';
import { elementTexts, integerAt, memberRange } from './json-text.ts';
import { type Rest, RestError } from './rest.ts';
import { waitAfter } from './rest-wait.ts';

/** An aggTrade on its way into the log. */
export interface ReceivedTrade {
  /** Binance `a`. */
  readonly id: number;
  /** Exact text: of the frame's `data`, or of the element of the REST answer. */
  readonly payload: string;
  readonly receiveTimeUs: number;
}

export type RefillFailure = 'refill-too-old' | 'refill-failed';

export interface TradeRefillOptions {
  readonly symbol: string;
  readonly rest: Rest;
  readonly receiveTimeUs: () => number;
  readonly timeoutMs: number;
  readonly refillTradesMax: number;
  readonly heldTradesMax: number;
  readonly log: Log;
  /** The next trade of the log, in order. */
  readonly onTrade: (trade: ReceivedTrade) => void;
  /** Trades from `expected` to the one before `found` are missing for good. */
  readonly onGap: (expected: number, found: number, reason: RefillFailure) => void;
}

/** Puts the aggTrades of one instrument in order: a hole is filled over REST before anything later goes on. */
export interface TradeRefill {
  /** The last trade in the log, where there is one; without it the first trade that comes begins the log. */
  startAfter(lastId: number): void;
  accept(trade: ReceivedTrade): void;
  stop(): void;
  state(): TradeRefillState;
}

export interface TradeRefillState {
  readonly isRefilling: boolean;
  readonly heldTrades: number;
  readonly refilledTrades: number;
}

const TRADES_PATH = 'fapi/v1/aggTrades';
const TRADES_LIMIT = 1000;
/** binance.md 1.6. */
const TRADES_WEIGHT = 20;

export function createTradeRefill(options: TradeRefillOptions): TradeRefill {
  const { symbol, rest, timeoutMs, refillTradesMax, heldTradesMax, log, onTrade, onGap } = options;
  let lastId: number | undefined;
  let held: ReceivedTrade[] = [];
  let isRefilling = false;
  let isStopped = false;
  let hasOverflowed = false;
  let refilledTrades = 0;

  function accept(trade: ReceivedTrade): void {
    if (isRefilling) {
      held.push(trade);
      if (held.length > heldTradesMax) hasOverflowed = true;
      return;
    }
    const isNext = lastId === undefined || trade.id <= lastId + 1;
    if (isNext) {
      pass(trade);
      return;
    }
    held.push(trade);
    isRefilling = true;
    void refill(lastId! + 1);
  }

  function pass(trade: ReceivedTrade): void {
    // An id that is not new is for the append function to judge: another recorder may have written it.
    lastId = Math.max(lastId ?? trade.id, trade.id);
    onTrade(trade);
  }

  /** Fills the hole in front of the first held trade, then lets the held ones go. */
  async function refill(from: number): Promise<void> {
    const until = held[0]!.id;
    let next = from;
    const missing = until - from;
    log('info', `aggTrade ${symbol}: refilling ${missing} trades from ${from}`);
    if (missing > refillTradesMax) giveUp(next, until, 'refill-too-old');
    else
      try {
        for await (const trade of pages(next, until)) {
          if (isStopped) return;
          if (trade.id > next) giveUp(next, trade.id, next === from ? 'refill-too-old' : 'refill-failed');
          pass(trade);
          refilledTrades++;
          next = trade.id + 1;
        }
        if (next < until && !isStopped) giveUp(next, until, 'refill-too-old');
      } catch (error) {
        log('error', `aggTrade ${symbol}: ${error instanceof Error ? error.message : error}`);
        giveUp(next, until, 'refill-failed');
      }
    if (isStopped) return;
    const waiting = held;
    held = [];
    isRefilling = false;
    hasOverflowed = false;
    lastId = Math.max(lastId ?? 0, until - 1);
    for (const trade of waiting) accept(trade);
  }

  function giveUp(expected: number, found: number, reason: RefillFailure): void {
    log('error', `aggTrade ${symbol}: trades ${expected} to ${found - 1} are missing for good (${reason})`);
    onGap(expected, found, reason);
  }

  /**
   * The venue's trades in [from, until), each once and in order; ends early where its oldest trade is after them.
   *
   * @throws where it stops giving them
   */
  async function* pages(from: number, until: number): AsyncGenerator<ReceivedTrade> {
    const backoff = createBackoff({ firstMs: 100, maxMs: 5_000 });
    let next = from;
    let progressAtMs = performance.now();
    while (next < until) {
      const before = next;
      let waitMs = 0;
      try {
        const limit = Math.min(TRADES_LIMIT, until - next);
        const text = await rest.get(TRADES_PATH, { symbol, fromId: next, limit }, TRADES_WEIGHT);
        const receiveTimeUs = options.receiveTimeUs();
        const page = tradesOf(text);
        if (page.length > 0 && page[0]!.id >= until) return;
        for (const { id, payload } of page) {
          if (id < next || id >= until) continue;
          next = id + 1;
          yield { id, payload, receiveTimeUs };
        }
      } catch (error) {
        if (error instanceof RestError && error.failure === 'refused') throw error;
        waitMs = waitAfter(error);
        log('warn', `aggTrade ${symbol}: ${error instanceof Error ? error.message : error}`);
      }
      if (isStopped) return;
      if (hasOverflowed) throw new Error(`more than ${heldTradesMax} trades wait behind the refill`);
      if (next > before) {
        progressAtMs = performance.now();
        backoff.reset();
        continue;
      }
      // The venue's REST side may lag behind its sockets: an empty page is asked for again.
      waitMs = Math.max(waitMs, backoff.next());
      if (performance.now() + waitMs - progressAtMs > timeoutMs)
        throw new Error(`no trade after ${next - 1} came within ${timeoutMs / 1_000} s`);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }

  return {
    startAfter(id) {
      lastId = id;
    },
    accept,
    stop() {
      isStopped = true;
    },
    state: () => ({ isRefilling, heldTrades: held.length, refilledTrades }),
  };
}

/** The trades of a REST answer with the exact text of each. @throws where an element has no id */
function tradesOf(text: string): { id: number; payload: string }[] {
  const elements = elementTexts(text);
  if (elements === undefined) throw new Error(`expected an array of aggTrades, found ${text.slice(0, 80)}`);
  return elements.map((payload) => {
    const range = memberRange(payload, 'a');
    const id = range === undefined ? Number.NaN : integerAt(payload, range.start, range.end);
    if (Number.isNaN(id)) throw new Error(`expected an aggTrade with an integer a, found ${payload.slice(0, 80)}`);
    return { id, payload };
  });
}
