import { CellFault, type Cells } from './csv-cells.ts';
import { type CsvTable, millis } from './csv-table.ts';

const COLUMNS = [
  'symbol',
  'side',
  'type',
  'timeInForce',
  'qty',
  'price',
  'averagePrice',
  'status',
  'lastFilledQty',
  'filledQty',
  'time',
  'usd',
];

/**
 * Liquidations: the fields of forceOrder messages in a row. They lack the message's own time, so the order's takes its
 * place. Recorders of this table strip `USDT` from the symbol.
 */
export const LIQUIDATIONS_TABLE: CsvTable = {
  name: 'liquidations',
  channel: () => 'forceOrder',
  columns: {
    symbol: ['symbol'],
    side: ['side'],
    type: ['order_type', 'type'],
    timeInForce: ['time_in_force'],
    qty: ['original_quantity', 'quantity', 'qty'],
    price: ['price'],
    averagePrice: ['average_price', 'avg_price'],
    status: ['order_status', 'status'],
    lastFilledQty: ['last_fill_quantity', 'last_filled'],
    filledQty: ['accumulated_fill_quantity', 'accumulated_filled'],
    time: ['time', 'trade_time', 'timestamp'],
  },
  required: COLUMNS.filter((column) => column !== 'usd' && column !== 'symbol'),
  layouts: [COLUMNS, COLUMNS.slice(0, -1)].map((columns) => ({
    columns,
    fits: (row) =>
      /^(BUY|SELL)$/.test(row[1] ?? '') && /^[A-Z_]+$/.test(row[7] ?? '') && /^\d{10,16}$/.test(row[10] ?? ''),
  })),
  timeColumn: 'time',
  symbolColumn: 'symbol',
  symbolOf: (text) => (/US(DT|DC|D1)$|BUSD$/.test(text) ? text : `${text}USDT`),
  read(cells, { wanted }) {
    const timeUs = cells.timeUs('time');
    const ms = millis(timeUs);
    const text = (column: string): string => JSON.stringify(cells.text(column));
    const order = [
      `"s":${JSON.stringify(wanted.symbol)}`,
      `"S":"${sideOf(cells)}"`,
      `"o":${text('type')}`,
      `"f":${text('timeInForce')}`,
      `"q":"${cells.decimal('qty')}"`,
      `"p":"${cells.decimal('price')}"`,
      `"ap":"${cells.decimal('averagePrice')}"`,
      `"X":${text('status')}`,
      `"l":"${cells.decimal('lastFilledQty')}"`,
      `"z":"${cells.decimal('filledQty')}"`,
      `"T":${ms}`,
    ];
    return { payload: `{"e":"forceOrder","E":${ms},"o":{${order.join(',')}}}`, timeUs };
  },
};

function sideOf(cells: Cells): string {
  const side = cells.text('side');
  if (side !== 'BUY' && side !== 'SELL') throw new CellFault('side', 'BUY or SELL', side);
  return side;
}
