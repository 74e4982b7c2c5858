import { type Answer, get } from '../api/client.ts';
import { type Connection, openConnection } from '../api/connection.ts';
import { fieldsOf } from '../api/fields.ts';
import { misunderstood, type Problem } from '../api/problem.ts';
import { createStore, type Readable } from '../store/store.ts';
import { type RunUpdates, readUpdate, withUpdates } from './run-updates.ts';

/** The updates of a run, kept up while it is followed. */
export interface FollowedRun {
  /** null: they are being loaded. */
  readonly updates: Readable<RunUpdates | null>;
  /** Why they could not be loaded. */
  readonly problem: Readable<Problem | null>;
  /** When the last one came, or was written where it was loaded, ms since the epoch; null: there is none. */
  readonly lastMs: Readable<number | null>;
  close(): void;
}

const PAGE = 5_000;
const RETRY_MS = 5_000;

/** @param onStatus called where the run says that it has begun again or ended */
export function followRun(id: string, onStatus: () => void): FollowedRun {
  const updates = createStore<RunUpdates | null>(null);
  const problem = createStore<Problem | null>(null);
  const lastMs = createStore<number | null>(null);
  let loading = new AbortController();
  let retry: ReturnType<typeof setTimeout> | undefined;
  /** Came while what was before them was being loaded. */
  let early: RunUpdates = new Map();

  async function load(): Promise<void> {
    clearTimeout(retry);
    loading.abort();
    loading = new AbortController();
    const { signal } = loading;
    early = new Map();
    let loaded: RunUpdates = new Map();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const answer: Answer<Page> = await get(pathOf(id, cursor), readPage, signal);
      if (signal.aborted) return;
      problem.set(answer.isOk ? null : answer.problem);
      if (!answer.isOk) {
        retry = setTimeout(load, RETRY_MS);
        return;
      }
      loaded = withUpdates(loaded, answer.value.items);
      lastMs.set(answer.value.lastMs ?? lastMs.get());
      cursor = answer.value.nextCursor;
    }
    updates.set(withUpdates(loaded, [...early.values()].flat()));
  }

  function take(data: unknown): void {
    const fields = fieldsOf('run', data);
    if (fields.text('type') === 'status') {
      // One that begins anew forgets its updates.
      if (fields.text('status') === 'running') void load();
      onStatus();
      return;
    }
    const update = readUpdate(data);
    lastMs.set(Date.now());
    early = withUpdates(early, [update]);
    const before = updates.get();
    if (before !== null) updates.set(withUpdates(before, [update]));
  }

  const connection: Connection = openConnection({
    topics: [`run:${id}`],
    onEvent: (_topic, data) => take(data),
    onFlow: () => void load(),
    onState() {},
    onRefused: (_topic, error) => problem.set(misunderstood(error)),
  });
  // Also where the stream cannot be had.
  void load();
  return {
    updates,
    problem,
    lastMs,
    close() {
      clearTimeout(retry);
      loading.abort();
      connection.close();
    },
  };
}

interface Page {
  readonly items: ReturnType<typeof readUpdate>[];
  /** When its last update was written; null: it has none. */
  readonly lastMs: number | null;
  readonly nextCursor: string | null;
}

function readPage(body: unknown): Page {
  const fields = fieldsOf('run/metrics', body);
  const items = fields.list('items');
  return {
    items: items.map(readUpdate),
    lastMs: items.length === 0 ? null : fieldsOf('run/metrics', items.at(-1)).timeMs('time'),
    nextCursor: fields.textOrNull('nextCursor'),
  };
}

function pathOf(id: string, cursor: string): string {
  return `/runs/${encodeURIComponent(id)}/metrics?limit=${PAGE}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
}
