import { type CsvTable, millis } from './csv-table.ts';

const isInteger = (text: string | undefined): boolean => /^\d+$/.test(text ?? '');
const isNumber = (text: string | undefined): boolean => /^\d+(\.\d+)?$/.test(text ?? '');
const isBoolean = (text: string | undefined): boolean => /^(true|false)$/i.test(text ?? '');

const AGG_TRADE_COLUMNS = ['id', 'price', 'qty', 'firstId', 'lastId', 'time', 'isBuyerMaker'] as const;

/**
 * Binance Vision `aggTrades`, USD-M and spot. A row becomes the element of REST `aggTrades`.
 * @see https://github.com/binance/binance-public-data
 */
export const AGG_TRADES_TABLE: CsvTable = {
  name: 'aggTrades',
  channel: () => 'aggTrade',
  columns: {
    id: ['agg_trade_id', 'a'],
    price: ['price', 'p'],
    qty: ['quantity', 'qty', 'q'],
    firstId: ['first_trade_id', 'f'],
    lastId: ['last_trade_id', 'l'],
    time: ['transact_time', 'timestamp', 't'],
    isBuyerMaker: ['is_buyer_maker', 'm'],
  },
  required: AGG_TRADE_COLUMNS,
  layouts: [[...AGG_TRADE_COLUMNS], [...AGG_TRADE_COLUMNS, 'isBestMatch']].map((columns) => ({
    columns,
    fits: (row) =>
      isInteger(row[0]) && isInteger(row[3]) && isInteger(row[4]) && isInteger(row[5]) && isBoolean(row[6]),
  })),
  timeColumn: 'time',
  read(cells) {
    const timeUs = cells.timeUs('time');
    const payload = `{"a":${cells.integer('id')},"p":"${cells.decimal('price')}","q":"${cells.decimal('qty')}","f":${cells.integer('firstId')},"l":${cells.integer('lastId')},"T":${millis(timeUs)},"m":${cells.boolean('isBuyerMaker')}}`;
    return { payload, timeUs };
  },
};

const TRADE_COLUMNS = ['id', 'price', 'qty', 'quoteQty', 'time', 'isBuyerMaker'] as const;

/**
 * Binance Vision `trades`, USD-M and spot. A row becomes a `trade` payload; the archive has matches of the book only.
 * @see https://github.com/binance/binance-public-data
 */
export const TRADES_TABLE: CsvTable = {
  name: 'trades',
  channel: () => 'trade',
  columns: {
    id: ['id', 'trade_id'],
    price: ['price'],
    qty: ['qty', 'quantity'],
    quoteQty: ['quote_qty', 'quoteqty', 'quote_quantity'],
    time: ['time', 'timestamp'],
    isBuyerMaker: ['is_buyer_maker', 'isbuyermaker'],
  },
  required: ['id', 'price', 'qty', 'time', 'isBuyerMaker'],
  layouts: [[...TRADE_COLUMNS], [...TRADE_COLUMNS, 'isBestMatch']].map((columns) => ({
    columns,
    fits: (row) => isInteger(row[0]) && isNumber(row[3]) && isInteger(row[4]) && isBoolean(row[5]),
  })),
  timeColumn: 'time',
  read(cells, { wanted }) {
    const timeUs = cells.timeUs('time');
    const ms = millis(timeUs);
    const payload = `{"e":"trade","E":${ms},"T":${ms},"s":${JSON.stringify(wanted.symbol)},"t":${cells.integer('id')},"p":"${cells.decimal('price')}","q":"${cells.decimal('qty')}","X":"MARKET","m":${cells.boolean('isBuyerMaker')}}`;
    return { payload, timeUs };
  },
};
