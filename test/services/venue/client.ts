import { WebSocket } from 'ws';

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
      return until(() => messages.slice(from).map(parsed).find(isAnswer));
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

/** Resolves with the first answer that is neither undefined nor false. @throws Error after `limitMs`. */
export async function until<Answer>(look: () => Answer | undefined | false, limitMs = 5_000): Promise<Answer> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const answer = look();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`was not so within ${limitMs} ms: ${String(look)}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Events of one stream among the messages of a combined connection. */
export function eventsOf(messages: readonly string[], stream: string): Record<string, unknown>[] {
  const prefix = `{"stream":"${stream}","data":`;
  return messages
    .filter((text) => text.startsWith(prefix))
    .map((text) => parsed(text)['data'] as Record<string, unknown>);
}
