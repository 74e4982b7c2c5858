import { createRoute, type OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { ApiContext } from '../http/environment.ts';
import { answers, notFound } from '../http/openapi.ts';
import { duration, instant, instrument, integer, oneOf, parameters, parsed, recording } from '../http/parameters.ts';
import type { CheckKnown } from '../known-instruments.ts';
import { answerPage, LIMIT_DEFAULT, LIMIT_MAX, type RowSources } from '../rows/answer-page.ts';
import { type Dataset, dataset } from '../rows/datasets.ts';
import { rowSchema } from '../rows/row-schema.ts';

/** Parameters of every list of rows. */
export const PAGE = {
  from: instant.optional().openapi({
    description: 'First event time: RFC 3339, a span before now such as -15m, or an entry id (the time in it)',
    example: '-15m',
  }),
  to: instant.optional().openapi({ description: 'End of the event times, itself not included' }),
  limit: integer(1, LIMIT_MAX)
    .optional()
    .openapi({ description: `Rows of a page; ${LIMIT_DEFAULT} if not said` }),
  cursor: z
    .string({ error: () => 'the nextCursor of a page' })
    .optional()
    .openapi({
      description: '`nextCursor` of the page before; the other parameters stay as they were',
    }),
  order: oneOf(['asc', 'desc']).optional().openapi({
    description: 'By event time. If not said: `asc` with `from`, else `desc`, which begins with the newest rows',
  }),
  recording: recording.optional().openapi({ description: '`live`, or the name of an import; all if not said' }),
};

export const EVERY = {
  every: duration.optional().openapi({
    description: 'The last row of each such span only, with the start of the span as its `ts`',
    example: '1s',
  }),
};

const BARS = {
  interval: parsed('an interval such as 1s, 1m or 1h', (text) => (/^\d{1,3}[smhdwM]$/.test(text) ? text : undefined))
    .optional()
    .openapi({ description: '1m if not said', example: '1m' }),
  source: oneOf(['trades', 'kline']).optional().openapi({
    description: '`trades`: built from trades; `kline`: the venue’s own; both if not said',
  }),
};

const GAPS = {
  instrument: instrument.optional().openapi({ description: 'All if not said', example: 'simulated:BTCUSDT' }),
  channel: z.string({ error: () => 'a channel such as depth' }).optional(),
};

/** Lists of an instrument's rows: the route's last part, and its table. */
const LISTS = {
  trades: 'trades',
  liquidations: 'liquidations',
} as const;

const SAMPLED_LISTS = {
  'mark-prices': 'mark_prices',
  book_top: 'book_top',
} as const;

const ofInstrument = z.object({ instrument });

export function rowRoutes(app: OpenAPIHono<ApiContext>, sources: RowSources, checkKnown: CheckKnown): void {
  const plain = { params: ofInstrument, query: parameters(PAGE) };
  for (const [name, table] of Object.entries(LISTS)) {
    const rows = dataset(table);
    app.openapi(listRoute(`/api/v1/{instrument}/${name}`, rows, plain), async (c) => {
      const { instrument: symbol } = c.req.valid('param');
      await checkKnown('instrument', [symbol]);
      return answerPage(c, sources, { rows, page: c.req.valid('query'), equal: { symbol } });
    });
  }

  const sampled = { params: ofInstrument, query: parameters({ ...PAGE, ...EVERY }) };
  for (const [name, table] of Object.entries(SAMPLED_LISTS)) {
    const rows = dataset(table);
    app.openapi(listRoute(`/api/v1/{instrument}/${name}`, rows, sampled), async (c) => {
      const { instrument: symbol } = c.req.valid('param');
      await checkKnown('instrument', [symbol]);
      return answerPage(c, sources, { rows, page: c.req.valid('query'), equal: { symbol } });
    });
  }

  const bars = dataset('bars');
  const ofBars = { params: ofInstrument, query: parameters({ ...PAGE, ...BARS }) };
  app.openapi(listRoute('/api/v1/{instrument}/bars', bars, ofBars), async (c) => {
    const { instrument: symbol } = c.req.valid('param');
    const { interval = '1m', source, ...page } = c.req.valid('query');
    await checkKnown('instrument', [symbol]);
    return answerPage(c, sources, { rows: bars, page, equal: { symbol, interval, source } });
  });

  const gaps = dataset('gaps');
  const ofGaps = { query: parameters({ ...PAGE, ...GAPS }) };
  app.openapi(listRoute('/api/v1/gaps', gaps, ofGaps), async (c) => {
    const { instrument: symbol, channel, ...page } = c.req.valid('query');
    if (symbol !== undefined) await checkKnown('instrument', [symbol]);
    return answerPage(c, sources, { rows: gaps, page, equal: { symbol, channel } });
  });
}

function listRoute<Request extends NonNullable<RouteConfig['request']>>(path: string, rows: Dataset, request: Request) {
  return createRoute({
    method: 'get',
    path,
    summary: `Rows of ${rows.table}`,
    description: 'As JSON, or as CSV with `Accept: text/csv` (the next cursor is then in the header `x-next-cursor`).',
    tags: ['rows'],
    request,
    responses: answers({
      200: {
        description: 'A page of rows',
        content: {
          'application/json': {
            schema: z.object({ items: z.array(rowSchema(rows)), nextCursor: z.string().nullable() }),
          },
          'text/csv': { schema: z.string() },
        },
      },
      404: notFound,
    }),
  });
}
