import { CellFault, cellsOf, splitRow } from './csv-cells.ts';
import type { RowContext } from './csv-table.ts';
import type { CsvLayout } from './csv-tables.ts';
import { otherInstrument } from './instrument-name.ts';
import { type LineReader, shown } from './line-sink.ts';
import type { TimeUnit } from './times.ts';

/** Reads the rows of a table; a header is passed over wherever it is, as files may have been put together. */
export function createCsvReader(layout: CsvLayout, context: RowContext, unit: TimeUnit | undefined): LineReader {
  const { table, columns } = layout;
  const { wanted } = context;
  const symbolIndex = table.symbolColumn === undefined ? -1 : columns.indexOf(table.symbolColumn);
  const channel = table.channel(context);

  return (line, sink) => {
    const row = splitRow(line.toString());
    if (layout.header !== undefined && row.join() === layout.header) return;
    const written = row[symbolIndex];
    if (written !== undefined && !/^[\p{Lu}\p{Lo}\p{N}_]+$/u.test(written)) {
      sink.refuse({ channel, field: 'symbol', expected: 'a symbol', found: shown(written) });
      return;
    }
    const symbol = written === undefined ? wanted.symbol : (table.symbolOf?.(written) ?? written);
    if (symbol !== wanted.symbol) {
      sink.other(otherInstrument(wanted, 'usdm', symbol));
      return;
    }
    if (row.length !== columns.length) {
      sink.refuse({ channel, field: 'row', expected: `${columns.length} columns`, found: `${row.length} columns` });
      return;
    }
    try {
      const event = table.read(cellsOf(columns, row, unit), context);
      sink.event(channel, Buffer.from(event.payload), event.timeUs);
    } catch (error) {
      if (!(error instanceof CellFault)) throw error;
      sink.refuse({ channel, field: error.field, expected: error.expected, found: error.found });
    }
  };
}
