import type { Server } from 'node:http';
import { serve, type WebSocketServerLike } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import type { Api } from './create-api.ts';

/** Only this machine reaches the API. */
const LOOPBACK = '127.0.0.1';
/** A WebSocket client sends subscriptions, no more. */
const MESSAGE_BYTES_MAX = 64 * 1024;
const FAREWELL_MS = 500;

export interface Listening {
  readonly port: number;
  /** Ends streams and connections, then the server. */
  close(): Promise<void>;
}

/** Listens on the loopback address. @param port 0: any free one @throws where the port cannot be had */
export async function serveApi({ app, close }: Pick<Api, 'app' | 'close'>, port: number): Promise<Listening> {
  // The two packages disagree only on whether an absent option may also be undefined.
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX }) as WebSocketServerLike;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, hostname: LOOPBACK, port, websocket: { server: webSockets } }, (info) =>
    resolve(info.port),
  ) as Server;
  server.once('error', reject);
  const listening = await promise;
  return {
    port: listening,
    async close() {
      await close();
      const closed = new Promise((done) => server.close(done));
      // Time for the last words to be read.
      const farewell = setTimeout(() => server.closeAllConnections(), FAREWELL_MS);
      server.closeIdleConnections();
      await closed;
      clearTimeout(farewell);
    },
  };
}
