import { type BackoffOptions, createBackoff } from './backoff.ts';
import { type ChannelClock, type ChannelClockOptions, createChannelClock } from './channel-clock.ts';
import type { Topic } from './topics.ts';

/** Knows which of a connection's channels have fallen silent, and when to try another socket for them. */
export interface SilenceWatch {
  /** The topics are subscribed from now on; after a renewal a silent channel stays silent until it speaks. */
  start(nowMs: number, isRenewal: boolean): void;
  /** An event came; true where it ended a silence. */
  saw(stream: string, nowMs: number): boolean;
  /** The connection is down: nothing is expected. */
  stop(): void;
  /** To be called on a timer: true where a new socket should be tried, at once and then further and further apart. */
  isRenewalDue(nowMs: number): boolean;
  /** Streams that are silent now. */
  readonly silent: ReadonlySet<string>;
}

export interface SilenceWatchOptions {
  readonly topics: readonly Topic[];
  readonly limitsOf: (channel: string) => ChannelClockOptions;
  readonly renewal: BackoffOptions;
  /** Once a silence. */
  readonly onSilent: (topic: Topic) => void;
}

export function createSilenceWatch({ topics, limitsOf, renewal, onSilent }: SilenceWatchOptions): SilenceWatch {
  const clocks = new Map<string, ChannelClock>(
    topics.map((topic) => [topic.stream, createChannelClock(limitsOf(topic.channel))]),
  );
  const silent = new Set<string>();
  const backoff = createBackoff(renewal);
  let renewAtMs = Number.POSITIVE_INFINITY;

  return {
    start(nowMs, isRenewal) {
      for (const [stream, clock] of clocks) if (!(isRenewal && silent.has(stream))) clock.start(nowMs);
    },
    saw(stream, nowMs) {
      const endsUnnoticed = clocks.get(stream)!.saw(nowMs);
      return silent.delete(stream) || endsUnnoticed;
    },
    stop() {
      for (const clock of clocks.values()) clock.stop();
      silent.clear();
    },
    isRenewalDue(nowMs) {
      for (const topic of topics) {
        if (silent.has(topic.stream) || !clocks.get(topic.stream)!.isSilent(nowMs)) continue;
        silent.add(topic.stream);
        renewAtMs = Math.min(renewAtMs, nowMs);
        onSilent(topic);
      }
      if (silent.size === 0) {
        renewAtMs = Number.POSITIVE_INFINITY;
        backoff.reset();
      }
      if (nowMs < renewAtMs) return false;
      renewAtMs = nowMs + backoff.next();
      return true;
    },
    silent,
  };
}
