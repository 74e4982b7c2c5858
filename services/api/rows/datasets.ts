import { COMMON_COLUMNS, type Table, type Column as TableColumn } from '../../../infra/questdb/tables.ts';
import { READABLE_TABLES } from '../../features/feature-table.ts';

/** How a column's value is written. */
export type ColumnKind = 'time' | 'integer' | 'price' | 'qty' | 'decimal' | 'number' | 'text';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** What a route lists: a table, and the columns that tell rows of one event time apart. */
export interface Dataset {
  readonly table: string;
  readonly columns: readonly Column[];
  /** With `ts` in front: the order of rows, the same on every read. */
  readonly order: readonly Column[];
}

/** On the instrument's tick ladder. */
const PRICES = new Set(['bid_price', 'ask_price', 'price', 'open', 'high', 'low', 'close']);
/** On its step ladder. */
const QTYS = new Set(['bid_qty', 'ask_qty', 'qty', 'filled_qty', 'volume', 'buy_volume']);
/** Prices and amounts off the ladder, with as many places as they need. */
const DECIMALS = new Set(['average_price', 'mark_price', 'index_price', 'settle_price', 'quote_volume']);

export function dataset(table: string): Dataset {
  const found = READABLE_TABLES.find(({ name }) => name === table);
  if (found === undefined) throw new Error(`table: expected one of infra/questdb/tables.ts, found "${table}"`);
  return datasetOf(found);
}

export function datasetOf({ name: table, columns: own, dedupKeys }: Table): Dataset {
  const columns = [...COMMON_COLUMNS, ...own].map(describeColumn);
  const keys = ['ts', 'symbol', 'recording', ...dedupKeys];
  return { table, columns, order: keys.map((key) => columns.find(({ name }) => name === key)!) };
}

function describeColumn([name, type]: TableColumn): Column {
  return { name, kind: kindOf(name, type) };
}

function kindOf(name: string, type: string): ColumnKind {
  if (type === 'TIMESTAMP') return 'time';
  if (type === 'LONG') return 'integer';
  if (type !== 'DOUBLE') return 'text';
  if (PRICES.has(name)) return 'price';
  if (QTYS.has(name)) return 'qty';
  return DECIMALS.has(name) ? 'decimal' : 'number';
}
