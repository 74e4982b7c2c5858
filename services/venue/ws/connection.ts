import type { WebSocket } from 'ws';
import type { Endpoint, PathClass } from './path-class.ts';

/** A client that lets so much pile up is cut off, as Binance does with slow readers. */
const BUFFERED_BYTES_MAX = 32 * 1024 * 1024;

/** One client's socket with what it has asked for. */
export interface Connection {
  readonly id: number;
  readonly path: PathClass;
  readonly socket: WebSocket;
  /** In the order in which they were asked for. */
  readonly streams: Set<string>;
  /** Events of the user data stream that are wanted; all where there are none. */
  readonly events: readonly string[];
  readonly openedAtMs: number;
  isCombined: boolean;
  /** Half-open: the TCP connection stays, but nothing is read or written any more. */
  isHalfOpen: boolean;
  framesSent: number;
  messagesReceived: number;
}

export function connection(id: number, endpoint: Endpoint, socket: WebSocket): Connection {
  return {
    id,
    path: endpoint.path,
    socket,
    streams: new Set(),
    events: endpoint.events,
    openedAtMs: Date.now(),
    isCombined: endpoint.format === 'combined',
    isHalfOpen: false,
    framesSent: 0,
    messagesReceived: 0,
  };
}

/** Writes a text or binary message, if the client can still get one. */
export function write(target: Connection, message: string | Buffer): void {
  const { socket } = target;
  if (target.isHalfOpen || socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > BUFFERED_BYTES_MAX) {
    socket.terminate();
    return;
  }
  socket.send(message);
}
