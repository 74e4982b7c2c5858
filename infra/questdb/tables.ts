import { questdbQuery, questdbRows } from '../questdb.ts';
import { SetupError } from '../setup-error.ts';

/** One column: its name and QuestDB's type. */
export type Column = readonly [name: string, type: string];

export interface Table {
  readonly name: string;
  /** Its own columns; the common ones come in addition. */
  readonly columns: readonly Column[];
  /** Beside ts, symbol and recording. */
  readonly dedupKeys: readonly string[];
}

/**
 * `ts` is the event time, the designated timestamp; `symbol` the instrument, `venue:SYMBOL`; `entry_id` the event's
 * identity, `1723161255088-0:3`.
 */
export const COMMON_COLUMNS: readonly Column[] = [
  ['ts', 'TIMESTAMP'],
  ['symbol', 'SYMBOL'],
  ['recording', 'SYMBOL'],
  ['receive_time', 'TIMESTAMP'],
  ['entry_id', 'VARCHAR'],
];

const doubles = (...names: string[]): Column[] => names.map((name) => [name, 'DOUBLE']);

/** What docs/architecture.md, Tables, says of each; a test compares the two. Those of feature sets come in addition. */
export const TABLES: readonly Table[] = [
  {
    name: 'book_top',
    columns: [['update_id', 'LONG'], ...doubles('bid_price', 'bid_qty', 'ask_price', 'ask_qty')],
    dedupKeys: ['update_id'],
  },
  {
    name: 'trades',
    columns: [
      ['trade_id', 'LONG'],
      ...doubles('price', 'qty'),
      ['side', 'SYMBOL'],
      ['first_id', 'LONG'],
      ['last_id', 'LONG'],
      ['channel', 'SYMBOL'],
    ],
    dedupKeys: ['trade_id'],
  },
  {
    name: 'bars',
    columns: [
      ['interval', 'SYMBOL'],
      ['source', 'SYMBOL'],
      ...doubles('open', 'high', 'low', 'close', 'volume', 'quote_volume', 'buy_volume'),
      ['trades', 'LONG'],
      ['is_whole', 'LONG'],
    ],
    dedupKeys: ['interval', 'source'],
  },
  {
    name: 'liquidations',
    columns: [['side', 'SYMBOL'], ...doubles('price', 'average_price', 'qty', 'filled_qty'), ['status', 'SYMBOL']],
    dedupKeys: ['side', 'entry_id'],
  },
  {
    name: 'mark_prices',
    columns: [
      ...doubles('mark_price', 'index_price', 'settle_price', 'funding_rate'),
      ['next_funding_time', 'TIMESTAMP'],
    ],
    dedupKeys: [],
  },
  {
    name: 'gaps',
    columns: [
      ['channel', 'SYMBOL'],
      ['reason', 'SYMBOL'],
      ['expected', 'VARCHAR'],
      ['found', 'VARCHAR'],
      ['from_time', 'TIMESTAMP'],
      ['to_time', 'TIMESTAMP'],
      ['closed_by', 'SYMBOL'],
    ],
    dedupKeys: ['channel', 'entry_id'],
  },
  {
    name: 'book_levels',
    columns: [
      ['update_id', 'LONG'],
      ['bids', 'DOUBLE[][]'],
      ['asks', 'DOUBLE[][]'],
    ],
    dedupKeys: [],
  },
];

/** The statement that makes the table where it is not there. */
export function createTableSql({ name, columns, dedupKeys }: Table): string {
  const all = [...COMMON_COLUMNS, ...columns].map(([column, type]) => `${column} ${type}`).join(', ');
  const keys = ['ts', 'symbol', 'recording', ...dedupKeys].join(', ');
  return `CREATE TABLE IF NOT EXISTS ${name} (${all}) TIMESTAMP(ts) PARTITION BY DAY WAL DEDUP UPSERT KEYS(${keys})`;
}

/**
 * Makes the tables and columns that are missing. A column that is there with another type is refused: its rows would be
 * wrong.
 * @param url QuestDB over HTTP.
 */
export async function ensureTables(url: string, tables: readonly Table[]): Promise<void> {
  for (const table of tables) {
    await questdbQuery(url, createTableSql(table));
    await completeColumns(url, table);
  }
}

async function completeColumns(url: string, table: Table): Promise<void> {
  const rows = await questdbRows(url, `SELECT "column", type FROM table_columns('${table.name}')`);
  const found = new Map(rows.map(({ column, type }) => [column, type]));
  for (const [name, type] of [...COMMON_COLUMNS, ...table.columns]) {
    const there = found.get(name);
    if (there === type) continue;
    if (there === undefined && table.columns.some(([own]) => own === name)) {
      // Rows of before have NULL there until they are derived anew.
      await questdbQuery(url, `ALTER TABLE ${table.name} ADD COLUMN IF NOT EXISTS ${name} ${type}`);
      continue;
    }
    throw new SetupError(
      `QuestDB table ${table.name}, column ${name}: expected ${type}, found ${there ?? 'none'}. It was made by another version of Don: rename it (RENAME TABLE ${table.name} TO ${table.name}_old) and start again, which derives its rows anew from the log.`,
    );
  }
}
