import type { MarketEvent } from '../events/decoder.ts';
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

type LentLevels = { -readonly [Name in keyof Levels]: Levels[Name] };

/**
 * Goes through a tape's events in log order.
 * @param onEvent is told each event and its number in the tape's columns; the levels of a depth event are lent until the
 * next one
 */
export function readTape(tape: Tape, onEvent: (event: MarketEvent, n: number) => void): void {
  const { kinds, firstIds, lastIds, previousIds, transactionTimesMs, eventDelaysMs } = tape;
  const others = tape.others.map(revive);
  const bids: LentLevels = { start: 0, count: 0, ticks: tape.ticks, steps: tape.steps };
  const asks: LentLevels = { start: 0, count: 0, ticks: tape.ticks, steps: tape.steps };
  for (let n = 0; n < tape.events; n++) {
    const kind = kinds[n]!;
    if (kind === TRADE) onEvent(tradeAt(tape, n), n);
    else if (kind === DEPTH_UPDATE) {
      lend(tape, n, bids, asks);
      const transactionTimeMs = transactionTimesMs[n]!;
      const event: DepthUpdate = {
        type: 'depthUpdate',
        eventTimeMs: transactionTimeMs + eventDelaysMs[n]!,
        transactionTimeMs,
        firstUpdateId: firstIds[n]!,
        finalUpdateId: lastIds[n]!,
        previousFinalUpdateId: previousIds[n]!,
        bids,
        asks,
      };
      onEvent(event, n);
    } else if (kind === DEPTH_SNAPSHOT) {
      lend(tape, n, bids, asks);
      const eventTimeMs = transactionTimesMs[n]!;
      onEvent(
        {
          type: 'depthSnapshot',
          lastUpdateId: lastIds[n]!,
          eventTimeMs: Number.isNaN(eventTimeMs) ? null : eventTimeMs,
          bids,
          asks,
        },
        n,
      );
    } else onEvent(others[firstIds[n]!]!, n);
  }
}

function lend({ rowStarts, bidCounts, events, rows }: Tape, n: number, bids: LentLevels, asks: LentLevels): void {
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
