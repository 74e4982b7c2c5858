import { COMMON_COLUMNS, type Table } from '../../infra/questdb/tables.ts';
import { questdbRows, sqlText } from '../../infra/questdb.ts';

/** Rows a query, about. */
const ROWS_A_PAGE = 20_000;

export interface StoredRowsOptions {
  /** QuestDB over HTTP. */
  readonly url: string;
  readonly table: Table;
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly recording: string;
  /** Receive times, µs since the epoch, both included; undefined: no bound. */
  readonly fromUs: number | undefined;
  readonly toUs: number | undefined;
}

export type StoredRow = Readonly<Record<string, unknown>>;

/** The stored rows of a recording in order of `ts`, page by page. Times are integers in µs. */
export async function* storedRows(options: StoredRowsOptions): AsyncGenerator<readonly StoredRow[]> {
  const { url, table, instrument, recording, fromUs, toUs } = options;
  const columns = [...COMMON_COLUMNS, ...table.columns].map(([name, type]) =>
    type === 'TIMESTAMP' ? `cast(${name} as long) ${name}` : name,
  );
  const bounds = [
    `symbol = ${sqlText(instrument)}`,
    `recording = ${sqlText(recording)}`,
    ...(fromUs === undefined ? [] : [`receive_time >= ${fromUs}`]),
    ...(toUs === undefined ? [] : [`receive_time <= ${toUs}`]),
  ].join(' AND ');
  const range = `SELECT cast(min(ts) as long) first, cast(max(ts) as long) last, count() n FROM ${table.name} WHERE ${bounds}`;
  const [{ first, last, n } = {}] = await questdbRows(url, range);
  if (typeof first !== 'number' || typeof last !== 'number' || typeof n !== 'number' || n === 0) return;
  const stepUs = Math.ceil((last - first + 1) / Math.ceil(n / ROWS_A_PAGE));
  for (let startUs = first; startUs <= last; startUs += stepUs) {
    const page = `ts >= ${startUs} AND ts < ${startUs + stepUs}`;
    yield await questdbRows(
      url,
      `SELECT ${columns.join(', ')} FROM ${table.name} WHERE ${page} AND ${bounds} ORDER BY ts`,
    );
  }
}
