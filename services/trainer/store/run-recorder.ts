import type { Redis } from 'ioredis';
import type { Episode } from '../algorithms/episode-follower.ts';
import type { Metrics } from '../algorithms/learner.ts';
import type { Run } from '../run/run-identity.ts';
import type { RunSummary } from '../run/run-report.ts';
import { deleteEpisodes, insertEpisodes, type SeedEpisode } from './episode-rows.ts';
import type { RunEvent, RunMetrics, RunStatus } from './run-record.ts';
import { deleteMetrics, endRun, findRun, insertMetrics, insertRun, type Queries } from './run-rows.ts';
import { tellRun } from './run-stream.ts';

/** Writes down how a run goes: for good in PostgreSQL, live on a stream of Redis. */
export interface RunRecorder {
  /** How the run stands; undefined: nothing is known of it. */
  status(id: string): Promise<RunStatus | undefined>;
  /** @param isNew it begins from the beginning: what an earlier one came to is taken away */
  begin(run: Run, isNew: boolean): Promise<void>;
  /** @param isLive they have just come, and are told too */
  metrics(seed: number, metrics: readonly Metrics[], isLive: boolean): void;
  /** Of those that have ended in the updates that were told, as many as are kept. */
  episodes(seed: number, episodes: readonly Episode[]): void;
  end(status: RunStatus, outcome?: { readonly error?: string; readonly summary?: RunSummary }): Promise<void>;
}

const WRITE_EVERY_MS = 500;

/** One run's at a time. What cannot be written is tried again, and at the end must be. */
export function createRunRecorder({ sql, redis }: { readonly sql: Queries; readonly redis: Redis }): RunRecorder {
  let id = '';
  let rows: Omit<RunMetrics, 'time'>[] = [];
  let episodes: SeedEpisode[] = [];
  let events: RunEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    const [rowsNow, episodesNow, eventsNow] = [rows, episodes, events];
    [rows, episodes, events] = [[], [], []];
    try {
      if (rowsNow.length > 0) await insertMetrics(sql, id, rowsNow);
      if (episodesNow.length > 0) await insertEpisodes(sql, id, episodesNow);
    } catch (error) {
      rows = [...rowsNow, ...rows];
      episodes = [...episodesNow, ...episodes];
      events = [...eventsNow, ...events];
      throw error;
    }
    // Who only follows may miss something; what is kept is whole.
    if (eventsNow.length > 0) await tellRun(redis, id, eventsNow).catch(() => {});
  }

  return {
    status: async (of) => (await findRun(sql, of))?.status,
    async begin(run, isNew) {
      id = run.id;
      if (isNew) await deleteMetrics(sql, id);
      if (isNew) await deleteEpisodes(sql, id);
      await insertRun(sql, run);
      events.push({ type: 'status', status: 'running', error: null });
      timer = setInterval(() => {
        writing = writing.then(write).catch(() => {});
      }, WRITE_EVERY_MS);
    },
    metrics(seed, metrics, isLive) {
      for (const one of metrics) {
        const step = one['globalStep']!;
        rows.push({ seed, step, metrics: one });
        if (isLive) events.push({ type: 'metrics', seed, step, metrics: one });
      }
    },
    episodes(seed, ended) {
      for (const episode of ended) episodes.push({ seed, ...episode });
    },
    async end(status, { error, summary } = {}) {
      clearInterval(timer);
      await writing;
      await write();
      await endRun(sql, id, { status, error: error ?? null, summary: summary ?? null });
      await tellRun(redis, id, [{ type: 'status', status, error: error ?? null }]).catch(() => {});
    },
  };
}
