import type { MarketEvent } from '../events/decoder.ts';
import type { DepthSnapshot } from '../events/depth-snapshot.ts';
import type { DepthUpdate } from '../events/depth-update.ts';
import type { Levels } from '../events/levels.ts';
import { createScale } from '../events/scale.ts';
import type { Trade } from '../events/trade.ts';
import {
  DEPTH_SNAPSHOT,
  DEPTH_UPDATE,
  IS_AGGREGATE,
  IS_MARKET,
  IS_SELL,
  type OtherEvent,
  type Tape,
  TRADE,
} from './tape.ts';

type Lent<Type> = { -readonly [Name in keyof Type]: Type[Name] };

/** Reads a tape's events one by one, in any order. */
export interface TapeReader {
  /** The event of that number; a depth event is lent until the next call. */
  at(n: number): MarketEvent;
}

export function openTapeReader(tape: Tape): TapeReader {
  const { kinds, firstIds, lastIds, previousIds, transactionTimesMs, eventDelaysMs } = tape;
  const others = tape.others.map(revive);
  const bids: Lent<Levels> = { start: 0, count: 0, ticks: tape.ticks, steps: tape.steps };
  const asks: Lent<Levels> = { start: 0, count: 0, ticks: tape.ticks, steps: tape.steps };

  const depth: Lent<DepthUpdate> = {
    type: 'depthUpdate',
    eventTimeMs: Number.NaN,
    transactionTimeMs: Number.NaN,
    firstUpdateId: Number.NaN,
    finalUpdateId: Number.NaN,
    previousFinalUpdateId: Number.NaN,
    bids,
    asks,
  };

  function depthAt(n: number): DepthUpdate {
    depth.transactionTimeMs = transactionTimesMs[n]!;
    depth.eventTimeMs = depth.transactionTimeMs + eventDelaysMs[n]!;
    depth.firstUpdateId = firstIds[n]!;
    depth.finalUpdateId = lastIds[n]!;
    depth.previousFinalUpdateId = previousIds[n]!;
    return depth;
  }

  function snapshotAt(n: number): DepthSnapshot {
    const eventTimeMs = transactionTimesMs[n]!;
    return {
      type: 'depthSnapshot',
      lastUpdateId: lastIds[n]!,
      eventTimeMs: Number.isNaN(eventTimeMs) ? null : eventTimeMs,
      bids,
      asks,
    };
  }

  return {
    at(n) {
      const kind = kinds[n]!;
      if (kind === TRADE) return tradeAt(tape, n);
      if (kind !== DEPTH_UPDATE && kind !== DEPTH_SNAPSHOT) return others[firstIds[n]!]!;
      lend(tape, n, bids, asks);
      return kind === DEPTH_UPDATE ? depthAt(n) : snapshotAt(n);
    },
  };
}

/**
 * Goes through a tape's events in log order.
 * @param onEvent is told each event and its number in the tape's columns; a depth event is lent until the
 * next one
 */
export function readTape(tape: Tape, onEvent: (event: MarketEvent, n: number) => void): void {
  const reader = openTapeReader(tape);
  for (let n = 0; n < tape.events; n++) onEvent(reader.at(n), n);
}

function lend({ rowStarts, bidCounts, events, rows }: Tape, n: number, bids: Lent<Levels>, asks: Lent<Levels>): void {
  const start = rowStarts[n]!;
  const end = n + 1 < events ? rowStarts[n + 1]! : rows;
  const count = bidCounts[n]!;
  bids.start = start;
  bids.count = count;
  asks.start = start + count;
  asks.count = end - start - count;
}

function tradeAt(tape: Tape, n: number): Trade {
  const flags = tape.flags[n]!;
  const row = tape.rowStarts[n]!;
  return {
    type: 'trade',
    channel: (flags & IS_AGGREGATE) === 0 ? 'trade' : 'aggTrade',
    transactionTimeMs: tape.transactionTimesMs[n]!,
    tradeId: tape.firstIds[n]!,
    priceTicks: tape.ticks[row]!,
    qtySteps: tape.steps[row]!,
    firstTradeId: tape.lastIds[n]!,
    lastTradeId: tape.previousIds[n]!,
    aggressorSide: (flags & IS_SELL) === 0 ? 'buy' : 'sell',
    isMarket: (flags & IS_MARKET) !== 0,
  };
}

function revive(event: OtherEvent): MarketEvent {
  if (event.type !== 'instrument') return event;
  const { tickSize, stepSize, ...info } = event;
  return { ...info, scale: createScale(tickSize, stepSize) };
}
