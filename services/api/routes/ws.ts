import { upgradeWebSocket } from '@hono/node-server';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { WebSocket } from 'ws';
import type { ApiContext } from '../http/environment.ts';
import { answers } from '../http/openapi.ts';
import { problem } from '../http/problem.ts';
import { createWsClient } from '../live/ws.ts';
import { createWsSession, type WsSession } from '../live/ws-session.ts';
import type { Streaming } from './stream.ts';

const getWs = createRoute({
  method: 'get',
  path: '/api/v1/ws',
  summary: 'Live events over a WebSocket',
  description: [
    'Send `{"op":"subscribe","topics":["book:simulated:BTCUSDT"]}`, with `"lastEventId"` to resume; it is answered by',
    '`{"op":"subscribed","topics":[…]}`. Events are `{"topic":…,"id":…,"data":…}` with the ids and data of',
    '/api/v1/stream. `{"op":"unsubscribe","topics":[…]}` and `{"op":"ping"}` are answered likewise, what is not as',
    'expected by `{"op":"error","detail":…,"errors":[…]}`. `{"op":"reset",…}` and `{"op":"disconnect",…}` mean what they',
    'mean there.',
  ].join(' '),
  tags: ['live'],
  responses: answers({
    101: { description: 'The connection is a WebSocket now' },
    400: { description: 'No WebSocket handshake', content: { 'application/problem+json': { schema: z.unknown() } } },
  }),
});

export function wsRoutes(app: OpenAPIHono<ApiContext>, { hub, checkTopics, failed }: Streaming): void {
  app.openAPIRegistry.registerPath(getWs);

  const upgrade = upgradeWebSocket(() => {
    let session: WsSession | undefined;
    return {
      onOpen(_event, { raw }) {
        const socket = raw as WebSocket;
        const client = createWsClient(socket);
        socket.on('close', () => hub.disconnect(client));
        socket.on('error', failed);
        if (!hub.hasRoom()) return client.disconnect('as many clients are connected as may be');
        hub.connect(client);
        session = createWsSession(client, hub, checkTopics);
      },
      onMessage({ data }) {
        session?.receive(typeof data === 'string' ? data : '(binary)');
      },
    };
  });

  app.get('/api/v1/ws', upgrade, (c) =>
    problem(c, 'bad-request', {
      detail: 'Upgrade: expected websocket, found another value or none',
      errors: [{ field: 'Upgrade', expected: 'websocket', found: c.req.header('upgrade') ?? null }],
    }),
  );
}
