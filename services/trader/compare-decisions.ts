import type { Redis } from 'ioredis';
import type { Decided, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import { loadStrategy } from '../backtest/load-strategy.ts';
import { backtestOfSession } from './backtest-of-session.ts';
import { compareEquity, type EquityComparison } from './equity-comparison.ts';
import { openPaperSession } from './paper-session.ts';
import type { StoredSession } from './stored-session.ts';
import { paperAgain, verifySession } from './verify-session.ts';
import { type FirstDivergence, type WatchedSession, watchSession } from './watched-session.ts';

/** How a forward test and the backtest of its span compare. Plain data. */
export interface DecisionComparison {
  readonly account: string;
  /** null: the account has had none. */
  readonly session: string | null;
  /** Why nothing could be compared; null: it was. */
  readonly obstacle: string | null;
  /** null: nothing was compared. */
  readonly strategy: string | null;
  readonly instrument: string | null;
  /** Events, and decisions among them, that are the same to the last bit, up to the first that is not. */
  readonly events: number;
  readonly decisions: number;
  /** The first that differs, in words; null: all are the same. */
  readonly difference: string | null;
  readonly divergence: NamedDivergence | null;
  readonly curves: EquityComparison;
  /** How far the equities are apart at most, quote asset. */
  readonly differenceMax: number;
}

/** The first event that differs, and where in the log. */
export interface NamedDivergence extends FirstDivergence {
  /** Entry of the log that the decision rests on, or the last one before the event; null: there was none yet. */
  readonly entryId: string | null;
  readonly timeMs: number | null;
  /** Names of the fields that differ. */
  readonly fields: readonly string[];
}

export interface CompareDecisionsOptions {
  /** Told of decisions that were run again, and how many the ledger has. */
  readonly onProgress?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the account's last session again from the log, and compares its decisions and the equity at each with the ledger.
 * Where they part, a paper session is run to its end by itself, so that it is seen how far they come apart.
 * undefined: the trader has written nothing for the account.
 */
export async function compareDecisions(
  redis: Redis,
  account: string,
  { onProgress, signal }: CompareDecisionsOptions = {},
): Promise<DecisionComparison | undefined> {
  let seen: Seen | undefined;
  const verified = await verifySession(redis, account, (again, session) => {
    const forward = decisionsOf(session);
    const watched = watchSession(again, session, (count) => {
      signal?.throwIfAborted();
      onProgress?.(count, forward.length);
    });
    seen = { session, forward, watched };
    return watched.again;
  });
  if (verified === undefined) return undefined;
  const { session, obstacle, difference } = verified;
  if (seen === undefined || obstacle !== null) return { ...NOTHING, account, session, obstacle };
  const { forward, watched } = seen;
  const { instrument, strategy } = seen.session.opened.settings;
  // The log goes on behind what the ledger had when it was read.
  const lastUs = forward.at(-1)?.timeUs ?? Number.NEGATIVE_INFINITY;
  const backtest = difference === null ? watched.decisions : await decidedToTheEnd(redis, seen, signal);
  return {
    account,
    session,
    strategy,
    instrument,
    obstacle,
    events: watched.events,
    decisions: watched.sameDecisions,
    difference,
    divergence: difference === null ? null : nameDivergence(seen),
    ...compareEquity(
      forward,
      backtest.filter(({ timeUs }) => timeUs <= lastUs),
    ),
  };
}

const NOTHING = {
  strategy: null,
  instrument: null,
  events: 0,
  decisions: 0,
  difference: null,
  divergence: null,
  curves: { timesMs: [], forward: [], backtest: [] },
  differenceMax: 0,
} as const;

interface Seen {
  readonly session: StoredSession;
  /** Decisions that the ledger has. */
  readonly forward: readonly Decided[];
  readonly watched: WatchedSession;
}

function decisionsOf({ stored }: StoredSession): Decided[] {
  return stored.map((text) => JSON.parse(text) as TraderEvent).filter((event) => event.type === 'decided');
}

/** What a paper session decides by itself up to its end; of a live one, which the exchange told, what it did up to there. */
async function decidedToTheEnd(
  redis: Redis,
  { session, watched }: Seen,
  signal: AbortSignal | undefined,
): Promise<readonly Decided[]> {
  const { opened, closed } = session;
  if (opened.settings.mode === 'live') return watched.decisions;
  const paper = openPaperSession(opened, await loadStrategy(opened.settings.strategy));
  const free = watchSession(paperAgain(paper), session, () => signal?.throwIfAborted());
  await backtestOfSession(redis, session, free.again, closed?.toEntryId);
  return free.decisions;
}

function nameDivergence({ session, watched }: Seen): NamedDivergence {
  const first = watched.divergence ?? {
    event: watched.events,
    stored: JSON.parse(session.stored[watched.events]!) as TraderEvent,
    again: null,
  };
  const before = session.stored.slice(0, first.event).map((text) => JSON.parse(text) as TraderEvent);
  const at = first.stored ?? first.again!;
  const decided = at.type === 'decided' ? at : before.findLast((event) => event.type === 'decided');
  return {
    ...first,
    entryId: decided?.entryId ?? null,
    timeMs: 'timeUs' in at ? at.timeUs / 1_000 : null,
    fields: differingFields(first),
  };
}

/** Nothing where only one of them is there; `type` alone where they are of different kinds. */
function differingFields({ stored, again }: FirstDivergence): readonly string[] {
  if (stored === null || again === null) return [];
  if (stored.type !== again.type) return ['type'];
  const [one, other] = [stored, again].map((event) => new Map(Object.entries(event)));
  const names = new Set([...one!.keys(), ...other!.keys()]);
  return [...names].filter((name) => JSON.stringify(one!.get(name)) !== JSON.stringify(other!.get(name)));
}
