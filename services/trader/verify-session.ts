import type { Redis } from 'ioredis';
import type { CommandTaken, LiveEvent, SessionOpened, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import type { Entry } from '../../streams/entry.ts';
import { compareEntryIds } from '../../streams/id.ts';
import { readLedger } from '../../streams/ledger.ts';
import { replay } from '../../streams/replay.ts';
import { type LoadedStrategy, loadStrategy } from '../backtest/load-strategy.ts';
import { openLiveSession } from './live/live-session.ts';
import { openPaperSession } from './paper-session.ts';
import { countUpTo, createSessionLog, Divergence } from './session-log.ts';

/** What came of running a session again. */
export interface SessionVerification {
  readonly session: string;
  /** Events of the ledger that came out the same, to the last bit. */
  readonly events: number;
  /** The first that did not, or what could not be run again; null: all are the same. */
  readonly difference: string | null;
}

/**
 * Runs the account's last session again from the log, in parts of another size, and compares what it says with the ledger.
 * undefined: there is none.
 */
export async function verifySession(redis: Redis, account: string): Promise<SessionVerification | undefined> {
  const last = await lastSession(redis, account);
  if (last === undefined) return undefined;
  const { opened, stored } = last;
  const { session, settings, strategyHash, fromEntryId } = opened;
  const strategy = await loadStrategy(settings.strategy);
  if (strategy.hash !== strategyHash)
    return { session, events: 0, difference: `${settings.strategy} has changed since: it cannot be run again` };
  const log = createSessionLog<CommandTaken | LiveEvent>(stored);
  const again = openAgain(opened, strategy);
  let events = 0;

  function check(): void {
    const taken = again.take();
    const left = log.check(taken).length;
    events += taken.length - left;
  }

  function push(entries: readonly Entry[]): void {
    again.push(entries);
    check();
  }

  try {
    check();
    for await (const entries of replay({ redis, instrument: settings.instrument, from: fromEntryId })) {
      for (let rest = entries; rest.length > 0 && !log.isThrough; ) {
        const { next } = log;
        const count = next === undefined ? rest.length : countUpTo(rest, next.afterEntryId);
        push(rest.slice(0, count));
        rest = rest.slice(count);
        for (
          let told = log.next;
          told !== undefined && compareEntryIds(told.afterEntryId, again.lastEntryId) <= 0;
          told = log.next
        ) {
          again.tell(told);
          check();
        }
      }
      if (log.isThrough) break;
    }
  } catch (error) {
    if (!(error instanceof Divergence)) throw error;
    return { session, events, difference: error.message };
  }
  const missing = log.isThrough ? null : `event ${events} of the session did not come again: ${stored[events]}`;
  return { session, events, difference: missing };
}

/** A session that is run again, of either mode: nothing is sent. */
interface SessionAgain {
  push(entries: readonly Entry[]): void;
  tell(input: CommandTaken | LiveEvent): void;
  take(): TraderEvent[];
  readonly lastEntryId: string;
}

function openAgain(opened: SessionOpened, strategy: LoadedStrategy): SessionAgain {
  if (opened.settings.mode === 'live') return openLiveSession(opened, strategy);
  const paper = openPaperSession(opened, strategy);
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

/** The last session's opening, and the texts of its events but for its end. */
async function lastSession(
  redis: Redis,
  account: string,
): Promise<{ readonly opened: SessionOpened; readonly stored: readonly string[] } | undefined> {
  let opened: SessionOpened | undefined;
  let stored: string[] = [];
  for await (const page of readLedger(redis, account)) {
    for (const { n, text } of page) {
      if (n === undefined) continue;
      const event = JSON.parse(text) as TraderEvent;
      if (event.type === 'sessionOpened') [opened, stored] = [event, []];
      else if (event.type !== 'sessionClosed') stored.push(text);
    }
  }
  return opened === undefined ? undefined : { opened, stored };
}
