import type { SqlClient } from '../dependencies.ts';
import type { OrderValues } from './cursor.ts';
import type { Column, Dataset } from './datasets.ts';

/** Which rows of a dataset. */
export interface PageQuery {
  readonly dataset: Dataset;
  /** Column → the value that rows must have; undefined: any. */
  readonly equal: Readonly<Record<string, string | undefined>>;
  /** Event time, µs since the epoch; the first that counts, and the first that no longer does. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly descending: boolean;
  /** The page begins behind this row. */
  readonly after?: OrderValues | undefined;
  readonly limit: number;
  /** Only the last row of each such span, with the span's start as event time: `1s`. */
  readonly every?: string | undefined;
}

/** A row as QuestDB gives it: LONGs as text, times in µs as text, DOUBLEs as numbers. */
export type StoredRow = Readonly<Record<string, string | number | null>>;

/**
 * Reads one page in the dataset's order. It is found in two steps, so that its cost depends on its size and not on how
 * much lies behind it: how far in event time it reaches, which the index answers, and then all rows up to there in
 * their full order.
 */
export async function readPage(questdb: SqlClient, query: PageQuery): Promise<readonly StoredRow[]> {
  const { dataset, descending, limit } = query;
  const values: string[] = [];
  const conditions = [...rowConditions(query, values), ...behindConditions(query, values)];
  const direction = descending ? 'DESC' : 'ASC';
  if (query.every === undefined) {
    const reach = await questdb.query<{ ts_us: string }>(
      `SELECT ts::long ts_us FROM ${dataset.table} ${where(conditions)} ORDER BY ts ${direction} LIMIT ${limit}`,
      values,
    );
    const last = reach.rows.at(-1);
    if (last === undefined) return [];
    conditions.push(`ts ${descending ? '>=' : '<='} ${last.ts_us}`);
  }
  const columns = dataset.columns.map(selected).join(', ');
  const order = dataset.order.map((column) => `${quoted(column)} ${direction}`).join(', ');
  const source = query.every === undefined ? dataset.table : sampled(query, query.every, values);
  const { rows } = await questdb.query<Record<string, string | number | null>>(
    `SELECT ${columns} FROM ${source} ${where(conditions)} ORDER BY ${order} LIMIT ${limit}`,
    values,
  );
  return rows.map(({ ts_us: ts, ...rest }) => ({ ts: ts ?? null, ...rest }));
}

/** The row's values in the order columns, to go on behind it. */
export function orderValues({ order }: Dataset, row: StoredRow): OrderValues {
  return order.map(({ name }) => String(row[name]));
}

/** The last row of each span; what is equal in all rows of the query tells the groups apart. */
function sampled(query: PageQuery, every: string, values: string[]): string {
  const columns = query.dataset.columns.map((column) => {
    if (column.name === 'ts' || column.name === 'symbol' || column.name === 'recording') return quoted(column);
    return `last(${quoted(column)}) ${quoted(column)}`;
  });
  const conditions = where(rowConditions(query, values));
  return `(SELECT ${columns.join(', ')} FROM ${query.dataset.table} ${conditions} SAMPLE BY ${every} ALIGN TO CALENDAR)`;
}

function rowConditions({ equal, fromUs, toUs }: PageQuery, values: string[]): string[] {
  const conditions = Object.entries(equal).flatMap(([name, value]) =>
    value === undefined ? [] : [`"${name}" = $${values.push(value)}`],
  );
  if (fromUs !== undefined) conditions.push(`ts >= ${fromUs}`);
  if (toUs !== undefined) conditions.push(`ts < ${toUs}`);
  return conditions;
}

/** Lexicographic comparison; the event time stands alone in front, where QuestDB finds it for its index. */
function behindConditions({ dataset, after, descending }: PageQuery, values: string[]): string[] {
  if (after === undefined) return [];
  const past = descending ? '<' : '>';
  const literal = ({ kind }: Column, n: number): string =>
    kind === 'time' || kind === 'integer' ? after[n]! : `$${values.push(after[n]!)}`;
  const alternatives = dataset.order.map((column, n) => {
    const equalBefore = dataset.order.slice(0, n).map((earlier, m) => `${quoted(earlier)} = ${literal(earlier, m)}`);
    return `(${[...equalBefore, `${quoted(column)} ${past} ${literal(column, n)}`].join(' AND ')})`;
  });
  return [`ts ${past}= ${after[0]}`, `(${alternatives.join(' OR ')})`];
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
}

/** Under another name where the order is by the column itself, which has an index. */
function selected(column: Column): string {
  if (column.name === 'ts') return '"ts"::long ts_us';
  return column.kind === 'time' ? `${quoted(column)}::long ${quoted(column)}` : quoted(column);
}

function quoted({ name }: Column): string {
  return `"${name}"`;
}
