import { get, streamPath } from './client.ts';
import { fieldsOf } from './fields.ts';
import type { Problem } from './problem.ts';

/** How the event stream stands. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Cut; it is tried again at `retryAtMs`. */
  | { readonly kind: 'waiting'; readonly retryAtMs: number; readonly problem: Problem | null }
  /** The session is over: trying again would not help. */
  | { readonly kind: 'expired' };

export interface ConnectionOptions {
  /** `topic:instrument`, or `status`. */
  readonly topics: readonly string[];
  /** Called with each event's data and id (entry id and index). */
  readonly onEvent: (topic: string, data: unknown, id: string) => void;
  readonly onState: (state: ConnectionState) => void;
  /** Called each time that events begin to flow, also after a `reset`: what was missed has to be loaded. */
  readonly onFlow: () => void;
  /** Called where an event's data cannot be understood. */
  readonly onRefused: (topic: string, error: unknown) => void;
}

export interface Connection {
  /** Tries at once what would be tried later. */
  retryNow(): void;
  close(): void;
}

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;

/**
 * Tails the API's event stream. The browser's own retry of an EventSource tells nobody when, and none of the reasons, so
 * a cut connection is closed, the reason asked for, and opened again with growing pauses.
 */
export function openConnection(options: ConnectionOptions): Connection {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isClosed = false;
  /** What the API said before it ended the stream. */
  let farewell: string | null = null;

  function open(): void {
    clearTimeout(timer);
    source?.close();
    options.onState({ kind: 'connecting' });
    const opened = new EventSource(streamPath(options.topics));
    source = opened;
    opened.onopen = () => {
      failures = 0;
      farewell = null;
      options.onState({ kind: 'live' });
      options.onFlow();
    };
    opened.onerror = () => {
      if (source === opened) void retryLater();
    };
    opened.addEventListener('reset', () => options.onFlow());
    opened.addEventListener('disconnect', ({ data }) => {
      farewell = fieldsOf('disconnect', JSON.parse(data)).textOrNull('reason');
    });
    for (const topic of options.topics) {
      opened.addEventListener(topic, ({ data, lastEventId }) => {
        try {
          options.onEvent(topic, JSON.parse(data), lastEventId);
        } catch (error) {
          options.onRefused(topic, error);
        }
      });
    }
  }

  async function retryLater(): Promise<void> {
    source?.close();
    source = null;
    const answer = await get('/instruments', () => null);
    if (isClosed || source !== null) return;
    if (!answer.isOk && (answer.problem.status === 401 || answer.problem.status === 403)) {
      options.onState({ kind: 'expired' });
      return;
    }
    const pauseMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** failures);
    failures++;
    options.onState({
      kind: 'waiting',
      retryAtMs: Date.now() + pauseMs,
      problem: answer.isOk ? ended(farewell) : answer.problem,
    });
    timer = setTimeout(open, pauseMs);
  }

  open();
  return {
    retryNow: open,
    close() {
      isClosed = true;
      clearTimeout(timer);
      source?.close();
      source = null;
    },
  };
}

function ended(reason: string | null): Problem | null {
  return reason === null
    ? null
    : { status: 200, title: 'The API ended the stream', detail: reason, requestId: null, errors: [] };
}
