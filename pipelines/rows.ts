import { inUnit } from '../operators/features/unit.ts';
import type { EventPlace } from '../streams/events/logged-event.ts';
import type { Grid, Scale } from '../streams/events/scale.ts';
import type { Derived } from './derived.ts';
import { setHash } from './feature-sets.ts';

/** A cell: number, text, null for NULL, or two rows (prices, quantities) of a book's side. */
export type Cell = number | string | null | readonly [number[], number[]];

/** A row of a table of docs/architecture.md, less `symbol` and `recording`. Times in µs since the epoch. */
export interface TableRow {
  readonly table: string;
  readonly columns: Readonly<Record<string, Cell>> & { readonly ts: number };
}

/** The row that is stored of what was derived; undefined where it is only streamed. */
export function toRow(derived: Derived, at: EventPlace, scale: Scale): TableRow | undefined {
  switch (derived.kind) {
    case 'bookTop':
      return row('book_top', derived.top.transactionTimeMs * 1_000, at, bookTopColumns(derived, scale));
    case 'book':
      return derived.isSampled ? bookLevelsRow(derived, at, scale) : undefined;
    case 'bookInvalid':
      return undefined;
    case 'trade':
      return row('trades', derived.trade.transactionTimeMs * 1_000, at, tradeColumns(derived, scale));
    case 'bar':
      return row('bars', derived.bar.openTimeMs * 1_000, at, barColumns(derived, scale));
    case 'kline':
      return row('bars', derived.kline.openTimeMs * 1_000, at, klineColumns(derived));
    case 'liquidation':
      return row('liquidations', derived.liquidation.transactionTimeMs * 1_000, at, liquidationColumns(derived));
    case 'markPrice':
      return row('mark_prices', derived.markPrice.eventTimeMs * 1_000, at, markPriceColumns(derived));
    case 'gap':
      return row('gaps', derived.span.receiveTimeUs, derived.span, gapColumns(derived));
    case 'features':
      return row(derived.set.table, derived.vector.timeMs * 1_000, at, featureColumns(derived, scale));
  }
}

type Of<Kind extends Derived['kind']> = Extract<Derived, { kind: Kind }>;
type Columns = Record<string, Cell>;

function row(
  table: string,
  ts: number,
  { entryId, index, receiveTimeUs }: Omit<EventPlace, 'channel'>,
  columns: Columns,
): TableRow {
  return { table, columns: { ts, receive_time: receiveTimeUs, entry_id: `${entryId}:${index}`, ...columns } };
}

function bookTopColumns({ top }: Of<'bookTop'>, { price, qty }: Scale): Columns {
  return {
    update_id: top.updateId,
    bid_price: price.toNumber(top.bidTicks),
    bid_qty: qty.toNumber(top.bidSteps),
    ask_price: price.toNumber(top.askTicks),
    ask_qty: qty.toNumber(top.askSteps),
  };
}

function bookLevelsRow({ levels }: Of<'book'>, at: EventPlace, { price, qty }: Scale): TableRow {
  const numbers = (counts: Float64Array, grid: Grid): number[] => Array.from(counts, grid.toNumber);
  return row('book_levels', levels.transactionTimeMs * 1_000, at, {
    update_id: levels.updateId,
    bids: [numbers(levels.bidTicks, price), numbers(levels.bidSteps, qty)],
    asks: [numbers(levels.askTicks, price), numbers(levels.askSteps, qty)],
  });
}

function tradeColumns({ trade }: Of<'trade'>, { price, qty }: Scale): Columns {
  return {
    trade_id: trade.tradeId,
    price: price.toNumber(trade.priceTicks),
    qty: qty.toNumber(trade.qtySteps),
    side: trade.aggressorSide,
    first_id: trade.firstTradeId,
    last_id: trade.lastTradeId,
    channel: trade.channel,
  };
}

/** Also of a bar in progress. */
export function barColumns({ interval, bar }: Of<'bar'>, { price, qty, toNotional }: Scale): Columns {
  return {
    interval,
    source: 'trades',
    open: price.toNumber(bar.openTicks),
    high: price.toNumber(bar.highTicks),
    low: price.toNumber(bar.lowTicks),
    close: price.toNumber(bar.closeTicks),
    volume: qty.toNumber(bar.volumeSteps),
    quote_volume: toNotional(bar.quoteVolume),
    buy_volume: qty.toNumber(bar.buyVolumeSteps),
    trades: bar.trades,
    is_whole: bar.isWhole ? 1 : 0,
  };
}

function klineColumns({ kline }: Of<'kline'>): Columns {
  return {
    interval: kline.interval,
    source: 'kline',
    open: kline.open,
    high: kline.high,
    low: kline.low,
    close: kline.close,
    volume: kline.volume,
    quote_volume: kline.quoteVolume,
    buy_volume: kline.buyVolume,
    trades: kline.trades,
    is_whole: 1,
  };
}

function liquidationColumns({ liquidation }: Of<'liquidation'>): Columns {
  return {
    side: liquidation.side,
    price: liquidation.price,
    average_price: liquidation.averagePrice,
    qty: liquidation.qty,
    filled_qty: liquidation.filledQty,
    status: liquidation.status,
  };
}

function markPriceColumns({ markPrice }: Of<'markPrice'>): Columns {
  return {
    mark_price: markPrice.markPrice,
    index_price: markPrice.indexPrice,
    settle_price: markPrice.settlePrice,
    funding_rate: markPrice.fundingRate,
    next_funding_time: markPrice.nextFundingTimeMs === null ? null : markPrice.nextFundingTimeMs * 1_000,
  };
}

function gapColumns({ span }: Of<'gap'>): Columns {
  return {
    channel: span.channel,
    reason: span.reason,
    expected: span.expected,
    found: span.found,
    from_time: span.fromTimeUs,
    to_time: span.toTimeUs,
    closed_by: span.closedBy,
  };
}

function featureColumns({ set, vector, other }: Of<'features'>, scale: Scale): Columns {
  const columns: Columns = {};
  for (const [n, { name, unit }] of set.columns.entries()) {
    const value = vector.values[n]!;
    columns[name] = value === null ? null : inUnit(value, unit, scale);
  }
  if (vector.updateId !== null) columns['update_id'] = vector.updateId;
  columns['mask'] = vector.mask;
  columns['set_hash'] = setHash(set);
  if (other !== undefined) {
    columns['other'] = other.instrument;
    columns['other_recording'] = other.recording;
  }
  return columns;
}
