import type { Cells } from './csv-cells.ts';
import type { InstrumentName } from './instrument-name.ts';

/** One event made from a row. */
export interface RowEvent {
  /** JSON as the venue's REST interface or stream would write it, with the file's own number texts. */
  readonly payload: string;
  /** The event's own time, which takes the place of the receive time that archives do not have. */
  readonly timeUs: number;
}

/** What the rows of a file have in common. */
export interface RowContext {
  readonly wanted: InstrumentName;
  /** Of klines: `1m`, … */
  readonly interval: string;
  /** Its length; 0 where a row must say its close time. */
  readonly intervalMs: number;
}

/** A kind of CSV table that Don knows. */
export interface CsvTable {
  readonly name: 'aggTrades' | 'trades' | 'klines' | 'funding' | 'liquidations';
  readonly channel: (context: RowContext) => string;
  /** Our name of a column → the names that headers give it. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Columns without which it is not this table. */
  readonly required: readonly string[];
  /** Column orders of files without a header, and what tells them from other tables. */
  readonly layouts: readonly {
    readonly columns: readonly string[];
    readonly fits: (row: readonly string[]) => boolean;
  }[];
  /** Column that holds the time, in the unit of the file. */
  readonly timeColumn: string;
  /** Column that holds the symbol, in files of many. */
  readonly symbolColumn?: string;
  /** The venue's symbol for what the file writes. */
  readonly symbolOf?: (text: string) => string;
  /** @throws CellFault */
  readonly read: (cells: Cells, context: RowContext) => RowEvent;
}

/** µs → whole ms, in which payloads give times. */
export function millis(timeUs: number): number {
  return Math.floor(timeUs / 1000);
}
