import { CellFault, type Cells } from './csv-cells.ts';
import { type CsvTable, millis } from './csv-table.ts';

const PRICE_COLUMNS = ['open', 'high', 'low', 'close'] as const;
const VISION_COLUMNS = [
  'openTime',
  ...PRICE_COLUMNS,
  'volume',
  'closeTime',
  'quoteVolume',
  'trades',
  'buyVolume',
  'buyQuoteVolume',
  'ignore',
];

/** Longest interval whose open times are multiples of it since the epoch: weeks begin on Monday, months anywhere. */
const ALIGNED_MS_MAX = 24 * 60 * 60_000;

const areNumbers = (row: readonly string[]): boolean => row.every((cell) => /^\d+(\.\d+)?([eE][+-]?\d+)?$/.test(cell));
const startsWithTime = (row: readonly string[]): boolean => /^\d{10,16}$/.test(row[0] ?? '');

/**
 * Candles: Binance Vision `klines`, with or without a header, and tables of time, open, high, low, close, volume.
 * A row becomes the element of REST `klines`, with null for each column that the file lacks.
 * @see https://github.com/binance/binance-public-data
 */
export const KLINES_TABLE: CsvTable = {
  name: 'klines',
  channel: ({ interval }) => `kline_${interval}`,
  columns: {
    openTime: ['open_time', 'opentime', 'open time', 'timestamp', 'time', 'date'],
    open: ['open'],
    high: ['high'],
    low: ['low'],
    close: ['close'],
    volume: ['volume'],
    closeTime: ['close_time', 'closetime', 'close time'],
    quoteVolume: ['quote_volume', 'quote_asset_volume', 'quote asset volume'],
    trades: ['count', 'trades', 'number_of_trades', 'number of trades'],
    buyVolume: ['taker_buy_volume', 'taker_buy_base_asset_volume', 'taker buy base asset volume'],
    buyQuoteVolume: ['taker_buy_quote_volume', 'taker_buy_quote_asset_volume', 'taker buy quote asset volume'],
  },
  required: ['openTime', ...PRICE_COLUMNS],
  layouts: [VISION_COLUMNS, VISION_COLUMNS.slice(0, 6)].map((columns) => ({
    columns,
    fits: (row) => startsWithTime(row) && areNumbers(row),
  })),
  timeColumn: 'openTime',
  read(cells, { interval, intervalMs }) {
    const openMs = millis(cells.timeUs('openTime'));
    const isAligned = intervalMs === 0 || intervalMs > ALIGNED_MS_MAX || openMs % intervalMs === 0;
    if (!isAligned) throw new CellFault('openTime', `a multiple of ${interval}`, String(openMs));
    const closeMs = closeTime(cells, openMs, interval, intervalMs);
    const [open, high, low, close] = PRICE_COLUMNS.map((column) => cells.decimal(column)) as [
      string,
      string,
      string,
      string,
    ];
    const isWithin = (price: string): boolean => Number(price) <= Number(high) && Number(price) >= Number(low);
    if (!isWithin(open)) throw new CellFault('open', `a price from low ${low} to high ${high}`, open);
    if (!isWithin(close)) throw new CellFault('close', `a price from low ${low} to high ${high}`, close);
    const decimalOrNull = (column: string): string => (cells.has(column) ? `"${cells.decimal(column)}"` : 'null');
    const trades = cells.has('trades') ? cells.integer('trades') : 'null';
    const payload = `[${openMs},"${open}","${high}","${low}","${close}",${decimalOrNull('volume')},${closeMs},${decimalOrNull('quoteVolume')},${trades},${decimalOrNull('buyVolume')},${decimalOrNull('buyQuoteVolume')},"0"]`;
    return { payload, timeUs: closeMs * 1000 };
  },
};

function closeTime(cells: Cells, openMs: number, interval: string, intervalMs: number): number {
  if (!cells.has('closeTime')) {
    if (intervalMs === 0) throw new CellFault('closeTime', `the close time of a candle of ${interval}`, undefined);
    return openMs + intervalMs - 1;
  }
  const closeMs = millis(cells.timeUs('closeTime'));
  const expected = openMs + intervalMs - 1;
  const fits = intervalMs === 0 ? closeMs > openMs : closeMs === expected;
  if (!fits)
    throw new CellFault('closeTime', intervalMs === 0 ? `a time after ${openMs}` : String(expected), String(closeMs));
  return closeMs;
}
