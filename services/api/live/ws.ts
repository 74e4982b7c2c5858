import type { WebSocket } from 'ws';
import type { Encoding, StreamClient } from './audience.ts';
import { describeStream } from './stream-name.ts';

const CLOSE_OVERLOADED = 1013;
/** How long the other side has to answer the closing. */
const FAREWELL_MS = 5_000;
const DRAINED_BYTES = 64 * 1024;
const DRAIN_LOOK_MS = 20;

/** One JSON text a message; `data` is the stored JSON, verbatim. */
export const WS_ENCODING: Encoding = {
  name: 'ws',
  event: (topic, id, json) =>
    `{"topic":${JSON.stringify(topic)},${id === undefined ? '' : `"id":"${id}",`}"data":${json}}`,
  reset: (stream, id, reason) => JSON.stringify({ op: 'reset', id, ...describeStream(stream), reason }),
  frames: (events) => events,
};

/** The stream's side of a WebSocket. */
export function createWsClient(socket: WebSocket): StreamClient {
  let isAnswering = true;
  socket.on('pong', () => {
    isAnswering = true;
  });

  function isClosed(): boolean {
    return socket.readyState !== socket.OPEN;
  }

  return {
    pendingBytes: () => socket.bufferedAmount,
    send(frames) {
      if (!isClosed()) for (const frame of frames) socket.send(frame, { binary: false });
    },
    async drained() {
      // `ws` tells nobody when its buffer has emptied.
      while (socket.bufferedAmount > DRAINED_BYTES && !isClosed())
        await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
    },
    isClosed,
    heartbeat() {
      if (isClosed()) return;
      if (!isAnswering) {
        socket.terminate();
        return;
      }
      // One that has much to read answers late.
      isAnswering = socket.bufferedAmount > 0;
      socket.ping();
    },
    disconnect(reason) {
      if (isClosed()) return;
      socket.send(JSON.stringify({ op: 'disconnect', reason }));
      socket.close(CLOSE_OVERLOADED, reason.slice(0, 120));
      setTimeout(() => socket.terminate(), FAREWELL_MS).unref();
    },
  };
}
