import type { ServerResponse } from 'node:http';
import type { Encoding, StreamClient } from './audience.ts';
import { describeStream } from './stream-name.ts';

/** How soon a browser connects again, ms. */
const RETRY_MS = 1_000;
/** How long a client that was disconnected has to read the reason. */
const FAREWELL_MS = 5_000;
/** Pages of the past are sent when no more than this waits, bytes. */
const DRAINED_BYTES = 64 * 1024;

export const SSE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // nginx would hold events back.
  'x-accel-buffering': 'no',
};

/** Server-sent events. @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
export const SSE_ENCODING: Encoding = {
  name: 'sse',
  event: (topic, id, json) => `${id === undefined ? '' : `id: ${id}\n`}event: ${topic}\ndata: ${oneLine(json)}\n\n`,
  reset: (stream, id, reason) =>
    `id: ${id}\nevent: reset\ndata: ${JSON.stringify({ ...describeStream(stream), reason })}\n\n`,
  frames: (events) => [events.join('')],
};

/** JSON stays the same JSON when a line end between its tokens becomes a space. */
function oneLine(json: string): string {
  return json.includes('\n') || json.includes('\r') ? json.replaceAll(/[\r\n]+/g, ' ') : json;
}

/** An SSE connection over a Node response, whose head was written already. */
export function createSseClient(response: ServerResponse): StreamClient {
  // A small event must not wait for the acknowledgement of the one before.
  response.socket?.setNoDelay(true);
  response.write(`retry: ${RETRY_MS}\n\n`);

  function drained(): Promise<void> {
    if (response.writableLength <= DRAINED_BYTES || isClosed()) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        response.off('drain', done);
        response.off('close', done);
        resolve();
      };
      response.on('drain', done);
      response.on('close', done);
    });
  }

  function isClosed(): boolean {
    return response.destroyed || response.writableEnded;
  }

  return {
    pendingBytes: () => response.writableLength,
    send(frames) {
      if (!isClosed()) for (const frame of frames) response.write(frame);
    },
    drained,
    isClosed,
    heartbeat() {
      if (!isClosed() && response.writableLength === 0) response.write(': keep-alive\n\n');
    },
    disconnect(reason) {
      if (isClosed()) return;
      response.end(`event: disconnect\ndata: ${JSON.stringify({ reason })}\n\n`);
      setTimeout(() => response.destroy(), FAREWELL_MS).unref();
    },
  };
}
