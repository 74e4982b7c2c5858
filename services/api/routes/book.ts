import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Redis } from 'ioredis';
import type { ApiContext } from '../http/environment.ts';
import { answers, json, notFound } from '../http/openapi.ts';
import { instant, instrument, integer, parameters, recording } from '../http/parameters.ts';
import { ProblemError } from '../http/problem.ts';
import type { CheckKnown } from '../known-instruments.ts';
import { type Book, chooseRecording, liveBook, pastBook } from '../served-book.ts';

const LEVELS_DEFAULT = 20;
const LEVELS_MAX = 5_000;

const side = z
  .array(z.tuple([z.string(), z.string()]))
  .openapi({ description: 'Price and quantity, best level first' });

const book = z
  .object({
    instrument: z.string(),
    recording: z.string(),
    entry_id: z.string().openapi({ description: 'Last entry of the log that the book knows' }),
    ts: z.number().int().openapi({ description: 'Event time, µs; of an invalid book the receive time' }),
    receive_time: z.number().int(),
    update_id: z.number().int().nullable(),
    valid: z.boolean(),
    reason: z.string().optional().openapi({ description: 'Why the book is not valid; it has no levels then' }),
    bids: side,
    asks: side,
  })
  .openapi('Book');

const getBook = createRoute({
  method: 'get',
  path: '/api/v1/{instrument}/book',
  summary: 'The order book, now or as it was',
  tags: ['rows'],
  request: {
    params: z.object({ instrument }),
    query: parameters({
      at: instant.optional().openapi({
        description: 'The book after everything received up to then; the live one if not said',
        example: '-15m',
      }),
      levels: integer(1, LEVELS_MAX)
        .optional()
        .openapi({ description: `Levels a side; ${LEVELS_DEFAULT} if not said` }),
      recording: recording.optional().openapi({ description: 'If not said, the one that covers the instant' }),
    }),
  },
  responses: answers({ 200: json('The book', book), 404: notFound }),
});

export function bookRoutes(app: OpenAPIHono<ApiContext>, redis: Redis, checkKnown: CheckKnown): void {
  app.openapi(getBook, async (c) => {
    const { instrument } = c.req.valid('param');
    const { at, levels = LEVELS_DEFAULT, recording } = c.req.valid('query');
    await checkKnown('instrument', [instrument]);
    const chosen = await chooseRecording(redis, instrument, recording, at?.timeUs);
    const found =
      at === undefined && recording === undefined
        ? await liveBook(redis, instrument, chosen, levels)
        : await pastBook(redis, instrument, chosen, at, levels);
    if (found === undefined) throw nothingThere(instrument, chosen, c.req.query('at'));
    c.header('cache-control', 'no-store');
    return c.json(found satisfies Book, 200);
  });
}

function nothingThere(instrument: string, recording: string, at: string | undefined): ProblemError {
  const expected = `a time that the recording ${recording} of ${instrument} covers`;
  const detail = `at: expected ${expected}, found ${at ?? 'an empty log'}`;
  return new ProblemError('not-found', { detail, errors: [{ field: 'at', expected, found: at ?? null }] });
}
