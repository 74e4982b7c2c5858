import type { Recorder } from './recorder.ts';

/** Builds `don:status:recorder`, once a second; rates are over the time since the last call. */
export function createStatus(recorder: Recorder, identity: { readonly id: string; readonly startedMs: number }) {
  let lastMs = Date.now();
  const lastTotals = new Map<string, number>();

  return (nowMs = Date.now()): object => {
    const seconds = Math.max(0.001, (nowMs - lastMs) / 1_000);
    lastMs = nowMs;
    const instruments = Object.fromEntries(
      recorder.instruments.entries().map(([instrument, { counts, depth, trades }]) => {
        const total = counts.total();
        const eventsPerSecond = Math.round((total - (lastTotals.get(instrument) ?? 0)) / seconds);
        lastTotals.set(instrument, total);
        const channels = Object.fromEntries(
          counts.channels.entries().map(([channel, { lastEventMs, ...rest }]) => {
            return [
              channel,
              { ...rest, lastEventAgeMs: lastEventMs === 0 ? null : Math.max(0, Math.round(nowMs - lastEventMs)) },
            ];
          }),
        );
        return [instrument, { eventsPerSecond, channels, depth: depth(), trades: trades() }];
      }),
    );
    return {
      service: 'recorder',
      id: identity.id,
      pid: process.pid,
      startedMs: identity.startedMs,
      timeMs: nowMs,
      memoryBytes: process.memoryUsage.rss(),
      ...recorder.status(),
      // For how long each channel has been received without a break, ms.
      live: Object.fromEntries(recorder.instruments.entries().map(([name, { live }]) => [name, durations(live)])),
      connections: recorder.feeds.map((feed) => feed.state()),
      instruments,
    };
  };
}

function durations(since: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const nowMs = performance.now();
  return Object.fromEntries(since.entries().map(([channel, sinceMs]) => [channel, Math.floor(nowMs - sinceMs)]));
}
