import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { createRoute, z } from '@hono/zod-openapi';
import type { ApiContext } from '../http/environment.ts';
import { answers, notFound } from '../http/openapi.ts';
import { parameters } from '../http/parameters.ts';
import { describeFieldError, type FieldError, ProblemError } from '../http/problem.ts';
import type { CheckTopics } from '../known-topics.ts';
import type { Hub } from '../live/hub.ts';
import { type Position, parsePositions } from '../live/position.ts';
import { createSseClient, SSE_ENCODING, SSE_HEADERS } from '../live/sse.ts';
import { parseTopics, type Topics } from '../live/topics.ts';

export interface Streaming {
  readonly hub: Hub;
  readonly checkTopics: CheckTopics;
  /** Told of a stream that failed after its answer had begun. */
  readonly failed: (error: unknown) => void;
}

const getStream = createRoute({
  method: 'get',
  path: '/api/v1/stream',
  summary: 'Live events as server-sent events',
  description: [
    'Each event has `event: TOPIC:INSTRUMENT`, `data:` the JSON of the derived stream as it is stored, and an `id:`.',
    'With one instrument the id is the event’s identity, `ENTRY:INDEX` as in the column `entry_id` (a second event that',
    'came of the same raw event has `ENTRY:INDEX.1`). With several, or with sets of features that have a stream of their',
    'own, it names for each how far the client has come, `INSTRUMENT@ENTRY:INDEX,INSTRUMENT:SET@ENTRY:INDEX,…`, so that',
    'any one id resumes all of them.',
    'The header `Last-Event-ID`, or the parameter `lastEventId` for a first connection, resumes without loss or repeat.',
    'Where events behind that id are no longer kept, an event `reset` says so and the stream goes on live.',
    '`status` and `jobs`, which come once a second, have no id. A client that reads too slowly gets an event `disconnect` with the reason.',
  ].join(' '),
  tags: ['live'],
  request: {
    query: parameters({
      topics: z.string({ error: () => 'a list such as book:simulated:BTCUSDT,status' }).openapi({
        description:
          'Comma-separated: book:I, book_top:I, trades:I, bar:I, bars_1s:I, bars_1m:I, klines:I, features:I, gaps:I, liquidations:I, mark_prices:I for an instrument I, features:I:SET for a set with a stream of its own, as custom features have, run:ID for a training run, or status, jobs, trading',
        example: 'book:simulated:BTCUSDT,trades:simulated:BTCUSDT,status',
      }),
      lastEventId: z.string({ error: () => 'the id of an event' }).optional(),
    }),
  },
  responses: answers({
    200: { description: 'Events', content: { 'text/event-stream': { schema: z.string() } } },
    404: notFound,
  }),
});

export function streamRoutes(app: OpenAPIHono<ApiContext>, { hub, checkTopics, failed }: Streaming): void {
  app.openapi(getStream, async (c) => {
    const { topics: topicList, lastEventId } = c.req.valid('query');
    const topics = valid(parseTopics(topicList.split(',')));
    await checkTopics(topics);
    // A browser that connects again sends the header; its parameter is then older.
    const id = c.req.header('last-event-id') || lastEventId;
    const from = id ? valid(parsePositions(id, topics.streams)) : new Map<string, Position>();
    if (!hub.hasRoom())
      throw new ProblemError('server-unavailable', { detail: 'as many clients are connected as may be; close some' });
    if (c.req.method === 'HEAD') return c.body(null, 200, SSE_HEADERS);
    const response = c.env.outgoing;
    if (response === undefined) throw new ProblemError('internal', { detail: 'a stream needs a server' });
    const headers = c.body(null, 200, SSE_HEADERS).headers;
    response.writeHead(200, Object.fromEntries(headers));
    const client = createSseClient(response);
    hub.connect(client);
    response.on('close', () => hub.disconnect(client));
    hub.subscribe(client, { encoding: SSE_ENCODING, topics, from }).catch((error) => {
      failed(error);
      client.disconnect('the server failed; go on from the last id');
    });
    return RESPONSE_ALREADY_SENT;
  });
}

function valid(value: Topics | FieldError): Topics;
function valid(value: ReadonlyMap<string, Position> | FieldError): ReadonlyMap<string, Position>;
function valid<Value extends object>(value: Value | FieldError): Value {
  if (!('expected' in value)) return value;
  throw new ProblemError('bad-request', { detail: describeFieldError(value), errors: [value] });
}
