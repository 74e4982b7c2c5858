import { request } from 'node:http';

export interface ReceivedEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

export interface SseReader {
  readonly events: ReceivedEvent[];
  readonly status: number;
  /** Resolves with the first event, seen already or yet to come, that fits; a busy machine may take a minute. */
  until(fits: (event: ReceivedEvent) => boolean, timeoutMs?: number): Promise<ReceivedEvent>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  /** Stops reading without closing, as a client that is too slow. */
  pause(): void;
  resume(): void;
  /** Cuts the connection. */
  cut(): void;
}

/** Reads server-sent events as a browser does: an event counts only once its blank line has come. */
export function openSse(url: string, headers: Record<string, string>): Promise<SseReader> {
  const events: ReceivedEvent[] = [];
  const waiting = new Set<(event: ReceivedEvent) => void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let rest = '';

  function take(text: string): void {
    rest += text;
    for (let blank = rest.indexOf('\n\n'); blank >= 0; blank = rest.indexOf('\n\n')) {
      const event = parse(rest.slice(0, blank));
      rest = rest.slice(blank + 2);
      if (event === undefined) continue;
      events.push(event);
      for (const tell of [...waiting]) tell(event);
    }
  }

  return new Promise((resolve, reject) => {
    const sent = request(url, { headers, agent: false }, (response) => {
      response.setEncoding('utf8');
      response.on('data', take);
      response.on('close', end);
      response.on('error', () => {});
      resolve({
        events,
        status: response.statusCode ?? 0,
        until: (fits, timeoutMs = 60_000) => untilEvent(events, waiting, fits, timeoutMs),
        ended,
        pause: () => response.pause(),
        resume: () => response.resume(),
        cut: () => sent.destroy(),
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

function untilEvent(
  events: readonly ReceivedEvent[],
  waiting: Set<(event: ReceivedEvent) => void>,
  fits: (event: ReceivedEvent) => boolean,
  timeoutMs: number,
): Promise<ReceivedEvent> {
  const seen = events.find(fits);
  if (seen !== undefined) return Promise.resolve(seen);
  const { promise, resolve, reject } = Promise.withResolvers<ReceivedEvent>();
  const timer = setTimeout(() => {
    waiting.delete(tell);
    reject(
      new Error(
        `no such event within ${timeoutMs} ms; the last of ${events.length}: ${JSON.stringify(events.at(-1))?.slice(0, 500)}`,
      ),
    );
  }, timeoutMs);
  const tell = (event: ReceivedEvent): void => {
    if (!fits(event)) return;
    clearTimeout(timer);
    waiting.delete(tell);
    resolve(event);
  };
  waiting.add(tell);
  return promise;
}

function parse(block: string): ReceivedEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
  }
  const data = fields.get('data');
  return data === undefined ? undefined : { id: fields.get('id'), event: fields.get('event') ?? 'message', data };
}
