import type { Decided, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import type { SessionAgain } from './run-again.ts';
import type { StoredSession } from './stored-session.ts';

/** The first event that a session which is run again says otherwise than the ledger has it. */
export interface FirstDivergence {
  /** Its place among the session's events, from 0. */
  readonly event: number;
  /** What the ledger has; null: nothing any more. */
  readonly stored: TraderEvent | null;
  /** What came out; null: nothing did. */
  readonly again: TraderEvent | null;
}

/** Who looks on while a session is run again. */
export interface WatchedSession {
  /** To be run in its place. */
  readonly again: SessionAgain;
  /** What it has decided so far. */
  readonly decisions: readonly Decided[];
  /** Whether what was said differs from what is stored; what is stored behind it was not said yet. */
  readonly divergence: FirstDivergence | null;
  /** How many events have come again, up to the first that differs, and decisions among them. */
  readonly events: number;
  readonly sameDecisions: number;
}

/**
 * Notes what a session that is run again decides, and where it parts from what is stored.
 * @param onDecisions told how many it has decided, whenever there are more
 */
export function watchSession(
  again: SessionAgain,
  { stored }: StoredSession,
  onDecisions: (count: number) => void = () => {},
): WatchedSession {
  const decisions: Decided[] = [];
  let divergence: FirstDivergence | null = null;
  let [events, sameDecisions] = [0, 0];

  function note(event: TraderEvent): void {
    if (event.type === 'decided') decisions.push(event);
    if (divergence !== null) return;
    const text = stored[events];
    // Behind all that is stored it goes on by itself.
    if (text === undefined) return;
    if (text === JSON.stringify(event)) {
      events++;
      if (event.type === 'decided') sameDecisions++;
    } else divergence = { event: events, stored: JSON.parse(text) as TraderEvent, again: event };
  }

  return {
    decisions,
    get divergence() {
      return divergence;
    },
    get events() {
      return events;
    },
    get sameDecisions() {
      return sameDecisions;
    },
    again: {
      push: again.push,
      tell: again.tell,
      take() {
        const before = decisions.length;
        const taken = again.take();
        for (const event of taken) note(event);
        if (decisions.length > before) onDecisions(decisions.length);
        return taken;
      },
      get lastEntryId() {
        return again.lastEntryId;
      },
    },
  };
}
