import type { Gap, GapReason } from '../streams/events/gap.ts';
import type { LoggedEvent } from '../streams/events/logged-event.ts';
import type { Projection } from './fold.ts';

/** A gap as far as it is known: told when it opens, and once more when it is closed. */
export interface GapSpan {
  readonly channel: string;
  readonly reason: GapReason;
  readonly expected: string | null;
  readonly found: string | null;
  /** Identity of the `gap` event. */
  readonly entryId: string;
  readonly index: number;
  /** Receive time of the `gap` event, µs since the epoch. */
  readonly receiveTimeUs: number;
  /** Receive time of the channel's last event before it; that of the `gap` event where it had none. */
  readonly fromTimeUs: number;
  /** Receive time of the event that closed it; null while it is open. */
  readonly toTimeUs: number | null;
  /** How it was closed: a gap of `depth` by a snapshot that makes the book valid, others by the channel's next event. */
  readonly closedBy: 'open' | 'snapshot' | 'next-event';
}

/** An event, and whether the book is valid after it. */
export interface GapInput {
  readonly logged: LoggedEvent;
  readonly isBookValid: boolean;
}

/** Plain data. */
export interface GapsState {
  /** Receive time of each channel's last event, µs since the epoch. */
  readonly lastReceiveTimeUs: Map<string, number>;
  /** Gaps not yet closed, by channel. */
  readonly open: Map<string, GapSpan[]>;
  /** What the event being folded opened or closed. */
  told: GapSpan[];
}

/** The gaps of every channel, each told when it opens and when it is closed. */
export const gaps: Projection<GapInput, GapsState, readonly GapSpan[]> = {
  initialState: () => ({ lastReceiveTimeUs: new Map(), open: new Map(), told: [] }),
  evolve: (state, { logged, isBookValid }) => {
    if (state.told.length > 0) state.told = [];
    const { channel, event, receiveTimeUs } = logged;
    if (event.type === 'gap') {
      openGap(state, event, logged);
    } else {
      state.lastReceiveTimeUs.set(channel, receiveTimeUs);
      if (state.open.size === 0) return state;
      if (channel !== 'depth') closeGaps(state, channel, receiveTimeUs, 'next-event');
      if (isBookValid) closeGaps(state, 'depth', receiveTimeUs, 'snapshot');
    }
    return state;
  },
  project: ({ told }) => (told.length > 0 ? told : undefined),
};

function openGap(state: GapsState, gap: Gap, { entryId, index, receiveTimeUs }: LoggedEvent): void {
  const { channel, reason, expected, found } = gap;
  const fromTimeUs = state.lastReceiveTimeUs.get(channel) ?? receiveTimeUs;
  const toTimeUs = null;
  const closedBy = 'open';
  const span: GapSpan = {
    channel,
    reason,
    expected,
    found,
    entryId,
    index,
    receiveTimeUs,
    fromTimeUs,
    toTimeUs,
    closedBy,
  };
  state.open.set(channel, [...(state.open.get(channel) ?? []), span]);
  state.told.push(span);
}

function closeGaps(state: GapsState, channel: string, toTimeUs: number, closedBy: GapSpan['closedBy']): void {
  const spans = state.open.get(channel);
  if (spans === undefined) return;
  state.open.delete(channel);
  for (const span of spans) state.told.push({ ...span, toTimeUs, closedBy });
}
