import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Redis } from 'ioredis';
import { parseInstrument } from '../../../streams/instrument.ts';
import { listInstruments, listRecordings } from '../../../streams/recordings.ts';
import type { ApiContext } from '../http/environment.ts';
import { answers, json } from '../http/openapi.ts';
import { parameters } from '../http/parameters.ts';
import type { FindScale } from '../instrument-scale.ts';

const instrumentItem = z
  .object({
    instrument: z.string().openapi({ example: 'simulated:BTCUSDT' }),
    venue: z.string(),
    symbol: z.string(),
    tick_size: z.string().nullable().openapi({ description: 'Price unit as decimal text; null where it is not known' }),
    step_size: z.string().nullable().openapi({ description: 'Quantity unit as decimal text' }),
    recordings: z.array(
      z.object({
        recording: z.string(),
        kind: z.string(),
        file: z.string().nullable(),
        from_time: z.number().int().nullable().openapi({ description: 'µs since the epoch' }),
        to_time: z.number().int().nullable(),
      }),
    ),
  })
  .openapi('Instrument');

const getInstruments = createRoute({
  method: 'get',
  path: '/api/v1/instruments',
  summary: 'Every instrument that has a recording',
  tags: ['system'],
  request: { query: parameters({}) },
  responses: answers({
    200: json('All of them', z.object({ items: z.array(instrumentItem), nextCursor: z.null() })),
  }),
});

export function instrumentRoutes(app: OpenAPIHono<ApiContext>, redis: Redis, findScale: FindScale): void {
  async function describe(instrument: string): Promise<z.infer<typeof instrumentItem>> {
    const { venue, symbol } = parseInstrument(instrument);
    const [scale, recordings] = await Promise.all([findScale(instrument), listRecordings(redis, instrument)]);
    return {
      instrument,
      venue,
      symbol,
      tick_size: scale?.price.size ?? null,
      step_size: scale?.qty.size ?? null,
      recordings: recordings.map(({ recording, kind, file, fromUs, toUs }) => {
        return { recording, kind, file: file ?? null, from_time: fromUs ?? null, to_time: toUs ?? null };
      }),
    };
  }

  app.openapi(getInstruments, async (c) => {
    const items = await Promise.all((await listInstruments(redis)).map(describe));
    return c.json({ items, nextCursor: null }, 200);
  });
}
