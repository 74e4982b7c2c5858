export interface ChannelClockOptions {
  /** A channel is silent when nothing came for this long, ms; undefined: it may stay away for ever. */
  readonly silentAfterMs: number | undefined;
  /** For channels without a fixed pace: the limit grows to this many mean intervals; undefined: it is fixed. */
  readonly silentAfterIntervals?: number | undefined;
}

/** Says when a channel that should speak has fallen silent on a living socket. */
export interface ChannelClock {
  /** The channel was subscribed: the wait for its first event begins. */
  start(nowMs: number): void;
  /** An event came; true where it ended a silence. */
  saw(nowMs: number): boolean;
  /** The channel is not expected to speak (its connection is down). */
  stop(): void;
  isSilent(nowMs: number): boolean;
  /** Time of the last event, ms on the caller's clock; undefined before the first. */
  lastSeenMs(): number | undefined;
}

/** Weight of the newest interval in the mean: about the last 20 events count. */
const MEAN_WEIGHT = 0.05;
/** A quiet channel is reported after this long whatever its pace was. */
const SILENT_AFTER_MS_MAX = 600_000;

/** A clock for one channel of one instrument; the caller asks it on a timer. */
export function createChannelClock({ silentAfterMs, silentAfterIntervals }: ChannelClockOptions): ChannelClock {
  let waitingSinceMs: number | undefined;
  let lastSeenMs: number | undefined;
  let meanIntervalMs: number | undefined;

  function limitMs(): number {
    if (silentAfterMs === undefined) return Number.POSITIVE_INFINITY;
    if (silentAfterIntervals === undefined || meanIntervalMs === undefined) return silentAfterMs;
    return Math.min(SILENT_AFTER_MS_MAX, Math.max(silentAfterMs, silentAfterIntervals * meanIntervalMs));
  }

  const isSilent = (nowMs: number) => waitingSinceMs !== undefined && nowMs - waitingSinceMs > limitMs();

  return {
    start(nowMs) {
      waitingSinceMs = nowMs;
    },
    saw(nowMs) {
      const endsSilence = isSilent(nowMs);
      if (lastSeenMs !== undefined && !endsSilence) {
        const intervalMs = nowMs - lastSeenMs;
        meanIntervalMs =
          meanIntervalMs === undefined ? intervalMs : meanIntervalMs + MEAN_WEIGHT * (intervalMs - meanIntervalMs);
      }
      lastSeenMs = nowMs;
      if (waitingSinceMs !== undefined) waitingSinceMs = nowMs;
      return endsSilence;
    },
    stop() {
      waitingSinceMs = undefined;
    },
    isSilent,
    lastSeenMs: () => lastSeenMs,
  };
}
