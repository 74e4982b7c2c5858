import type { MarketEvent } from '../events/decoder.ts';
import type { DepthSnapshot } from '../events/depth-snapshot.ts';
import type { DepthUpdate } from '../events/depth-update.ts';
import type { InstrumentInfo } from '../events/instrument-info.ts';
import type { EventPlace } from '../events/logged-event.ts';
import type { Trade } from '../events/trade.ts';
import { parseEntryId } from '../id.ts';
import {
  DEPTH_SNAPSHOT,
  DEPTH_UPDATE,
  IS_AGGREGATE,
  IS_MARKET,
  IS_SELL,
  OTHER,
  type OtherEvent,
  type Tape,
  TRADE,
} from './tape.ts';

/** Makes tapes of decoded events in log order. */
export interface TapeBuilder {
  readonly events: number;
  readonly rows: number;
  push(event: MarketEvent, place: Omit<EventPlace, 'channel'>): void;
  /** The events since the last call as a tape. */
  take(): Tape;
}

type EventColumns = {
  -readonly [Name in keyof Omit<Tape, 'events' | 'rows' | 'ticks' | 'steps' | 'others'>]: Tape[Name];
};

const EVENTS_AT_START = 1 << 12;
const ROWS_AT_START = 1 << 16;

export function createTapeBuilder(): TapeBuilder {
  let columns = eventColumns(EVENTS_AT_START);
  let ticks = new Float64Array(ROWS_AT_START);
  let steps = new Float64Array(ROWS_AT_START);
  let others: OtherEvent[] = [];
  let events = 0;
  let rows = 0;
  let lastEntryId = '';
  let entry = { ms: 0, n: 0 };

  function addLevels({ bids, asks }: DepthUpdate | DepthSnapshot): void {
    const count = bids.count + asks.count;
    while (rows + count > ticks.length) growRows();
    for (const side of [bids, asks]) {
      ticks.set(side.ticks.subarray(side.start, side.start + side.count), rows);
      steps.set(side.steps.subarray(side.start, side.start + side.count), rows);
      rows += side.count;
    }
    columns.bidCounts[events] = bids.count;
  }

  function growRows(): void {
    ticks = longer(ticks, Float64Array);
    steps = longer(steps, Float64Array);
  }

  function addTrade(trade: Trade): void {
    if (rows === ticks.length) growRows();
    ticks[rows] = trade.priceTicks;
    steps[rows] = trade.qtySteps;
    rows++;
    const side = trade.aggressorSide === 'sell' ? IS_SELL : 0;
    columns.flags[events] = side | (trade.channel === 'aggTrade' ? IS_AGGREGATE : 0) | (trade.isMarket ? IS_MARKET : 0);
    columns.transactionTimesMs[events] = trade.transactionTimeMs;
    setIds(trade.tradeId, trade.firstTradeId, trade.lastTradeId);
  }

  function setIds(first: number, last: number, previous: number): void {
    columns.firstIds[events] = first;
    columns.lastIds[events] = last;
    columns.previousIds[events] = previous;
  }

  function place({ entryId, index, receiveTimeUs }: Omit<EventPlace, 'channel'>, kind: number): void {
    if (events === columns.kinds.length) columns = growColumns(columns);
    if (entryId !== lastEntryId) {
      lastEntryId = entryId;
      entry = parseEntryId(entryId);
    }
    columns.kinds[events] = kind;
    columns.entryMs[events] = entry.ms;
    columns.entryN[events] = entry.n;
    columns.indexes[events] = index;
    columns.receiveTimesUs[events] = receiveTimeUs;
    columns.rowStarts[events] = rows;
  }

  return {
    get events() {
      return events;
    },
    get rows() {
      return rows;
    },
    push(event, at) {
      switch (event.type) {
        case 'bookTicker':
          return;
        case 'depthUpdate':
          place(at, DEPTH_UPDATE);
          addLevels(event);
          setIds(event.firstUpdateId, event.finalUpdateId, event.previousFinalUpdateId);
          columns.transactionTimesMs[events] = event.transactionTimeMs;
          columns.eventDelaysMs[events] = event.eventTimeMs - event.transactionTimeMs;
          break;
        case 'depthSnapshot':
          place(at, DEPTH_SNAPSHOT);
          addLevels(event);
          setIds(0, event.lastUpdateId, 0);
          columns.transactionTimesMs[events] = event.eventTimeMs ?? Number.NaN;
          break;
        case 'trade':
          place(at, TRADE);
          addTrade(event);
          break;
        default:
          place(at, OTHER);
          setIds(others.length, 0, 0);
          others.push(event.type === 'instrument' ? plainInstrument(event) : event);
      }
      events++;
    },
    take() {
      const kept = Object.entries(columns).map(([name, column]) => [name, column.slice(0, events)]);
      const tape = {
        ...(Object.fromEntries(kept) as EventColumns),
        events,
        rows,
        ticks: ticks.slice(0, rows),
        steps: steps.slice(0, rows),
        others,
      };
      // Flags, ids and counts of the events that were are not those of the next.
      columns = eventColumns(EVENTS_AT_START);
      others = [];
      events = 0;
      rows = 0;
      return tape;
    },
  };
}

function plainInstrument({ scale, ...info }: InstrumentInfo): OtherEvent {
  return { ...info, tickSize: scale.price.size, stepSize: scale.qty.size };
}

function eventColumns(size: number): EventColumns {
  return {
    kinds: new Uint8Array(size),
    flags: new Uint8Array(size),
    entryMs: new Float64Array(size),
    entryN: new Float64Array(size),
    indexes: new Uint32Array(size),
    receiveTimesUs: new Float64Array(size),
    transactionTimesMs: new Float64Array(size),
    eventDelaysMs: new Float64Array(size),
    firstIds: new Float64Array(size),
    lastIds: new Float64Array(size),
    previousIds: new Float64Array(size),
    rowStarts: new Uint32Array(size),
    bidCounts: new Uint32Array(size),
  };
}

function growColumns(columns: EventColumns): EventColumns {
  const grown = eventColumns(columns.kinds.length * 2);
  for (const name of Object.keys(columns) as (keyof EventColumns)[]) grown[name].set(columns[name]);
  return grown;
}

function longer(column: Float64Array, Column: typeof Float64Array): Float64Array<ArrayBuffer> {
  const copy = new Column(column.length * 2);
  copy.set(column);
  return copy;
}
