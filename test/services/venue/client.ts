import { WebSocket } from 'ws';
import type { Venue } from '../../../services/venue/venue.ts';
import { until } from '../../support/until.ts';

/** A WebSocket client that keeps every message, for tests of the venue. */
export interface TestClient {
  readonly socket: WebSocket;
  /** Texts in the order of arrival. */
  readonly messages: string[];
  /** All messages so far, whatever a test has taken out of `messages`. */
  readonly received: () => number;
  /** Set when the connection has ended. */
  readonly closed: { code: number | undefined };
  /** Sends a request as JSON and resolves with its answer. */
  readonly ask: (request: Record<string, unknown>) => Promise<Record<string, unknown>>;
  readonly end: () => void;
}

/** @param options.answerPings false makes a client that is deaf to pings. */
export async function connect(url: string, options: { readonly answerPings?: boolean } = {}): Promise<TestClient> {
  const socket = new WebSocket(url, { autoPong: options.answerPings ?? true });
  const messages: string[] = [];
  const closed: { code: number | undefined } = { code: undefined };
  let received = 0;
  socket.on('message', (data) => {
    received++;
    messages.push(String(data));
  });
  socket.on('close', (code) => {
    closed.code = code;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  return {
    socket,
    messages,
    received: () => received,
    closed,
    ask: async (request) => {
      const from = messages.length;
      socket.send(JSON.stringify(request));
      return until('an answer', () => messages.slice(from).map(parsed).find(isAnswer));
    },
    end: () => socket.terminate(),
  };
}

function parsed(text: string): Record<string, unknown> {
  return JSON.parse(text) as Record<string, unknown>;
}

function isAnswer(message: Record<string, unknown>): boolean {
  return 'result' in message || 'error' in message;
}

/** Tells what the client has received so far of all that the venue sends on its first connection from now on: not what it had sent before and is still on its way. */
export function fromNowOn(venue: Venue, client: TestClient): () => string[] {
  const onTheirWay = (venue.state().connections[0]?.framesSent ?? 0) - client.received();
  const from = client.messages.length + onTheirWay;
  return () => client.messages.slice(from);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks a venue's source for the latest trades or bars it has. */
export const LATEST = { fromId: undefined, startTimeMs: undefined, endTimeMs: undefined };

/** Events of one stream among the messages of a combined connection. */
export function eventsOf(messages: readonly string[], stream: string): Record<string, unknown>[] {
  const prefix = `{"stream":"${stream}","data":`;
  return messages
    .filter((text) => text.startsWith(prefix))
    .map((text) => parsed(text)['data'] as Record<string, unknown>);
}
