import type { Redis } from 'ioredis';
import type { SessionOpened } from '../../operators/ledger/ledger-event.ts';
import { type LoadedStrategy, loadStrategy } from '../backtest/load-strategy.ts';
import { openLiveSession } from './live/live-session.ts';
import { openPaperSession, type PaperSession } from './paper-session.ts';
import { type RanAgain, runAgain, type SessionAgain } from './run-again.ts';
import { obstacleTo } from './session-start.ts';
import { lastSession, type StoredSession } from './stored-session.ts';

/** What came of running a session again. */
export interface SessionVerification extends RanAgain {
  /** null: the account has had none. */
  readonly session: string | null;
  /** Why it could not be run again, so that nothing is known; null: it was. */
  readonly obstacle: string | null;
  /** Why the start behind it was refused; null: none was. */
  readonly refused: string | null;
}

const NOTHING = { events: 0, decisions: 0, difference: null } as const;

/** Of an account that has had no session. */
export const NO_SESSION: SessionVerification = {
  session: null,
  ...NOTHING,
  obstacle: 'there is no session',
  refused: null,
};

/**
 * Runs the account's last session again from the log, in parts of another size, and compares what it says with the ledger.
 * undefined: the trader has written nothing for the account.
 * @param watched what is run in place of the session that is run again, for whoever looks on
 */
export async function verifySession(
  redis: Redis,
  account: string,
  watched: (again: SessionAgain, session: StoredSession) => SessionAgain = (again) => again,
): Promise<SessionVerification | undefined> {
  const { last, refused } = await lastSession(redis, account);
  if (last === undefined) return refused === null ? undefined : { ...NO_SESSION, refused };
  const { opened } = last;
  const { session, settings } = opened;
  const strategy = await loadStrategy(settings.strategy);
  const unrunnable = async () => (await obstacleTo(redis, opened, strategy)) ?? null;
  let obstacle = await unrunnable();
  if (obstacle !== null) return { session, ...NOTHING, obstacle, refused };
  const ran = await runAgain({ redis, session: last, again: watched(openAgain(opened, strategy), last) });
  // The log may have been trimmed meanwhile.
  if (ran.difference !== null) obstacle = await unrunnable();
  return obstacle === null ? { session, ...ran, obstacle, refused } : { session, ...NOTHING, obstacle, refused };
}

function openAgain(opened: SessionOpened, strategy: LoadedStrategy): SessionAgain {
  if (opened.settings.mode === 'live') return openLiveSession(opened, strategy);
  return paperAgain(openPaperSession(opened, strategy));
}

/** A paper session that is told what the ledger says it was. */
export function paperAgain(paper: PaperSession): SessionAgain {
  return {
    push: paper.push,
    tell(input) {
      if (input.type !== 'commandTaken') return;
      const { commandId, command, flattens } = input;
      paper.obey({ commandId, command, flattens });
    },
    take: paper.take,
    get lastEntryId() {
      return paper.lastEntryId;
    },
  };
}
