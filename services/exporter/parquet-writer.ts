import { type BasicType, ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { Column, ColumnKind, Value } from './columns.ts';
import type { RowWriter } from './row-writer.ts';

const TYPE: Readonly<Record<ColumnKind, BasicType>> = {
  time: 'INT64',
  integer: 'INT64',
  decimal: 'DOUBLE',
  number: 'DOUBLE',
  text: 'STRING',
};

/** Rows of a row group: large enough to be packed well, small enough to be held in memory. */
const ROWS_A_GROUP = 100_000;

/** Writes Parquet, a row group at a time. Every column may be null, so that all files of a dataset have one schema. */
export function createParquetWriter(columns: readonly Column[]): RowWriter {
  const bytes = new ByteWriter();
  const source = (rows: readonly (readonly Value[])[]) =>
    columns.map(({ name, kind }, n) => ({
      name,
      type: TYPE[kind],
      nullable: true,
      data: rows.map((row) => parquetValue(row[n] ?? null, kind)),
    }));
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: source([]) }),
    createdBy: 'Don',
  });
  let pending: (readonly Value[])[] = [];

  /** What was written since the last call; positions in the file go on counting. */
  function taken(): Uint8Array {
    const piece = bytes.getBytes().slice();
    bytes.index = 0;
    return piece;
  }
  function flush(): void {
    if (pending.length > 0) writer.write({ columnData: source(pending), rowGroupSize: pending.length });
    pending = [];
  }

  return {
    write(rows) {
      pending.push(...rows);
      if (pending.length < ROWS_A_GROUP) return new Uint8Array(0);
      flush();
      return taken();
    },
    end() {
      flush();
      writer.finish();
      return taken();
    },
  };
}

function parquetValue(value: Value, kind: ColumnKind): Value | bigint {
  if (value === null || kind === 'text') return value;
  return kind === 'time' || kind === 'integer' ? BigInt(value) : Number(value);
}
