import type { Context } from 'hono';
import type { SqlClient } from '../dependencies.ts';
import type { ApiContext } from '../http/environment.ts';
import { describeFieldError, ProblemError } from '../http/problem.ts';
import type { FindScale } from '../instrument-scale.ts';
import { decodeCursor, encodeCursor, type OrderValues } from './cursor.ts';
import type { Dataset } from './datasets.ts';
import { orderValues, readPage } from './read-page.ts';
import { type Decimals, renderCsv, renderJson } from './render-rows.ts';

export const LIMIT_DEFAULT = 1_000;
export const LIMIT_MAX = 10_000;

export interface RowSources {
  readonly questdb: SqlClient;
  readonly findScale: FindScale;
}

/** The parameters that every list has. */
export interface PageParameters {
  readonly from?: { readonly timeUs: number } | undefined;
  readonly to?: { readonly timeUs: number } | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly order?: 'asc' | 'desc' | undefined;
  readonly recording?: string | undefined;
  readonly every?: string | undefined;
}

export interface ListRequest {
  readonly rows: Dataset;
  readonly page: PageParameters;
  /** Column → the value that rows must have; undefined: any. */
  readonly equal: Readonly<Record<string, string | undefined>>;
}

/** Answers with a page of rows in the form that the client accepts. */
export async function answerPage(c: Context<ApiContext>, sources: RowSources, request: ListRequest): Promise<Response> {
  const { rows, page } = request;
  const { from, to, limit = LIMIT_DEFAULT, order = from === undefined ? 'desc' : 'asc', recording, every } = page;
  const after = page.cursor === undefined ? undefined : cursorOf(rows, page.cursor);
  // One more than asked for tells whether there is a next page.
  const found = await readPage(sources.questdb, {
    dataset: rows,
    equal: { ...request.equal, recording },
    fromUs: from?.timeUs,
    toUs: to?.timeUs,
    descending: order === 'desc',
    after,
    limit: limit + 1,
    every,
  });
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = found.length > limit && last ? encodeCursor(rows, orderValues(rows, last)) : null;
  const decimals = await decimalsOf(sources.findScale, request.equal['symbol']);
  c.header('cache-control', 'no-store');
  c.header('vary', 'Accept');
  if (wantsCsv(c.req.header('accept'))) {
    if (nextCursor !== null) c.header('x-next-cursor', nextCursor);
    return c.body(renderCsv(rows.columns, items, decimals), 200, { 'content-type': 'text/csv; charset=utf-8' });
  }
  const body = `{"items":${renderJson(rows.columns, items, decimals)},"nextCursor":${JSON.stringify(nextCursor)}}`;
  return c.body(body, 200, { 'content-type': 'application/json' });
}

function cursorOf(rows: Dataset, cursor: string): OrderValues {
  const after = decodeCursor(rows, cursor);
  if (after !== undefined) return after;
  const error = { field: 'cursor', expected: 'the nextCursor of a page of this list', found: cursor.slice(0, 200) };
  throw new ProblemError('bad-request', { detail: describeFieldError(error), errors: [error] });
}

async function decimalsOf(findScale: FindScale, instrument: string | undefined): Promise<Decimals> {
  const scale = instrument === undefined ? undefined : await findScale(instrument);
  return { price: scale?.price.decimals ?? 0, qty: scale?.qty.decimals ?? 0 };
}

/** True where CSV is asked for and JSON is not liked as well or better. */
function wantsCsv(accept = ''): boolean {
  return quality(accept, 'text/csv') > quality(accept, 'application/json');
}

function quality(accept: string, type: string): number {
  for (const part of accept.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (name !== type) continue;
    const weight = parameters.find((text) => text.startsWith('q='));
    return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
  }
  return 0;
}
