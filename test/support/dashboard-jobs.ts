// Jobs as the API lists them, for the dashboard's fixture: one that runs, one to come, one that is done.

export interface FixtureJobs {
  list(nowMs: number): readonly object[];
  /** The answer to DELETE; undefined: there is no such job, or nothing to be cancelled. */
  cancel(id: string): object | undefined;
}

export function createFixtureJobs(startedMs: number): FixtureJobs {
  let isCancelled = false;
  const common = { data: {}, progress: null, result: null, error: null, starts: 1, dueTime: null };
  const times = { createdTime: startedMs * 1_000, startedTime: startedMs * 1_000, endedTime: null };

  function running(nowMs: number): object {
    const done = Math.floor((nowMs - startedMs) / 10);
    return {
      ...common,
      ...times,
      id: '7',
      kind: 'features-backfill',
      data: { instrument: 'simulated:BTCUSDT', set: 'book-v1' },
      state: isCancelled ? 'cancelled' : 'running',
      progress: { text: 'filling live', done, of: 90_000, unit: 'rows', share: 0.4, rate: 100, secondsLeft: 90 },
      ...(isCancelled ? { endedTime: nowMs * 1_000 } : {}),
    };
  }

  return {
    list: (nowMs) => [
      { ...common, ...times, id: '6', kind: 'verify', state: 'done', endedTime: (startedMs + 4_200) * 1_000 },
      {
        ...common,
        ...times,
        id: 'n',
        kind: 'verify',
        state: 'scheduled',
        startedTime: null,
        dueTime: 1_800_000_000_000_000,
      },
      running(nowMs),
    ],
    cancel(id) {
      if (id !== '7' || isCancelled) return undefined;
      isCancelled = true;
      return running(startedMs);
    },
  };
}
