/** What was recorded of one channel of one instrument since the recorder started. */
export interface ChannelCounts {
  /** Handed to the log, and settled there. */
  events: number;
  /** Of these, refused by the log because it has them already. */
  duplicates: number;
  gaps: number;
  deadLetters: number;
  silences: number;
  /** Local clock, ms since the epoch; 0: none yet. */
  lastEventMs: number;
}

/** Counts by channel. */
export interface Counts {
  of(channel: string): ChannelCounts;
  readonly channels: ReadonlyMap<string, ChannelCounts>;
  /** All events in the log since the start. */
  total(): number;
}

export function createCounts(): Counts {
  const channels = new Map<string, ChannelCounts>();
  return {
    of(channel) {
      let counts = channels.get(channel);
      if (counts === undefined) {
        counts = { events: 0, duplicates: 0, gaps: 0, deadLetters: 0, silences: 0, lastEventMs: 0 };
        channels.set(channel, counts);
      }
      return counts;
    },
    channels,
    total: () => channels.values().reduce((sum, counts) => sum + counts.events, 0),
  };
}
