import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SocketFaults } from '../faults/socket-faults.ts';
import { type Connection, connection, write } from './connection.ts';
import type { Delivery } from './delivery.ts';
import { type Endpoint, parseEndpoint } from './path-class.ts';
import { answerRequest } from './requests.ts';

/** Binance's rules for a connection, each to be shortened by tests. */
export interface ConnectionLimits {
  readonly pingEveryMs: number;
  /** Without a pong for so long the connection is closed. */
  readonly pongWithinMs: number;
  readonly lifetimeMs: number;
  /** Requests and pings that a client may send in one second. */
  readonly messagesPerSecond: number;
}

export const BINANCE_CONNECTION_LIMITS: ConnectionLimits = {
  pingEveryMs: 180_000,
  pongWithinMs: 600_000,
  lifetimeMs: 86_400_000,
  messagesPerSecond: 10,
};

export interface Gateway {
  readonly connections: ReadonlySet<Connection>;
  readonly handshakes: { accepted: number; refused: number };
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Closes the connections that a listen key had opened. */
  readonly endStream: (listenKey: string) => void;
  readonly close: () => void;
}

export function gateway(
  delivery: Delivery,
  faults: SocketFaults,
  limits: ConnectionLimits,
  onSubscribed: (streams: readonly string[]) => void,
  isListenKey: (key: string) => boolean,
): Gateway {
  const server = new WebSocketServer({
    noServer: true,
    autoPong: false,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
  });
  const connections = new Set<Connection>();
  const handshakes = { accepted: 0, refused: 0 };
  let nextId = 1;

  const open = (socket: WebSocket, endpoint: Endpoint): void => {
    const target = connection(nextId++, endpoint, socket);
    connections.add(target);
    handshakes.accepted++;
    // A listen key that is not known opens a connection that stays silent.
    const streams = endpoint.path === 'private' ? endpoint.streams.filter(isListenKey) : endpoint.streams;
    for (const stream of streams) delivery.subscribe(target, stream);
    if (endpoint.path !== 'private' && streams.length > 0) onSubscribed(streams);
    const stopTimers = keepTime(target, limits);
    const mayReceive = messageBudget(limits.messagesPerSecond);
    const receive = (): boolean => {
      target.messagesReceived++;
      if (mayReceive()) return true;
      socket.close(1008, 'Too many requests');
      return false;
    };
    socket.on('ping', (data) => {
      if (!target.isHalfOpen && receive()) socket.pong(data);
    });
    socket.on('message', (data, isBinary) => {
      if (target.isHalfOpen || !receive()) return;
      const text = isBinary ? '' : data.toString();
      write(target, answerRequest(text, target, delivery, onSubscribed));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      stopTimers();
      delivery.forget(target);
      connections.delete(target);
    });
  };

  return {
    connections,
    handshakes,
    upgrade: (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://venue');
      const endpoint = parseEndpoint(url);
      const refusal = endpoint === undefined ? 404 : faults.refusal(endpoint.path);
      if (endpoint === undefined || refusal !== undefined) {
        handshakes.refused++;
        if (refusal !== 'reset') socket.write(`HTTP/1.1 ${refusal} Refused\r\nConnection: close\r\n\r\n`);
        socket.destroy();
        return;
      }
      server.handleUpgrade(request, socket, head, (opened) => open(opened, endpoint));
    },
    endStream: (listenKey) => {
      for (const { streams, socket } of connections) if (streams.has(listenKey)) socket.close(1000);
    },
    close: () => {
      for (const { socket } of connections) socket.terminate();
      server.close();
    },
  };
}

/** Pings the client, closes it without a pong or at the end of its life; returns what stops both. */
function keepTime(target: Connection, limits: ConnectionLimits): () => void {
  const { socket } = target;
  // Counted, not timed: while the venue stands still, pongs lie unread.
  let pingsUnanswered = 0;
  socket.on('pong', () => {
    pingsUnanswered = 0;
  });
  const ping = setInterval(() => {
    if (target.isHalfOpen) return;
    if ((pingsUnanswered + 1) * limits.pingEveryMs > limits.pongWithinMs) {
      socket.terminate();
      return;
    }
    pingsUnanswered++;
    socket.ping(String(Date.now()));
  }, limits.pingEveryMs);
  const end = setTimeout(() => {
    if (!target.isHalfOpen) socket.close(1001, 'The connection is 24 hours old');
  }, limits.lifetimeMs);
  return () => {
    clearInterval(ping);
    clearTimeout(end);
  };
}

/** True as long as no more than `perSecond` calls fall into any one second. */
function messageBudget(perSecond: number): () => boolean {
  const times: number[] = [];
  return () => {
    const now = performance.now();
    while (times.length > 0 && now - (times[0] as number) >= 1000) times.shift();
    times.push(now);
    return times.length <= perSecond;
  };
}
