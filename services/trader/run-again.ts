import type { Redis } from 'ioredis';
import type { CommandTaken, LiveEvent, TraderEvent } from '../../operators/ledger/ledger-event.ts';
import type { Entry } from '../../streams/entry.ts';
import { compareEntryIds, FIRST_ENTRY_ID } from '../../streams/id.ts';
import { replay } from '../../streams/replay.ts';
import { StrategyFailure } from '../backtest/strategy-failure.ts';
import { countUpTo, createSessionLog, Divergence } from './session-log.ts';
import type { StoredSession } from './stored-session.ts';

/** A session that is run again, of either mode: nothing is sent. */
export interface SessionAgain {
  push(entries: readonly Entry[]): void;
  tell(input: CommandTaken | LiveEvent): void;
  take(): TraderEvent[];
  readonly lastEntryId: string;
}

export interface RunAgainOptions {
  readonly redis: Redis;
  readonly session: StoredSession;
  readonly again: SessionAgain;
  /** It goes on up to this entry when all that is stored has come again; where not said, it ends there. */
  readonly to?: string;
  /** Entries a part, at most. */
  readonly part?: number;
}

/** What came of running a session again. */
export interface RanAgain {
  /** Events that came out the same, to the last bit. */
  readonly events: number;
  /** How many of these were decisions of a model. */
  readonly decisions: number;
  /** The first that did not; null: all are the same. */
  readonly difference: string | null;
}

/** Runs a session again from the log, told at the same places what it was told, and compares what it says with the ledger. */
export async function runAgain(options: RunAgainOptions): Promise<RanAgain> {
  const { redis, session, again, to = FIRST_ENTRY_ID, part = Number.POSITIVE_INFINITY } = options;
  const { opened, stored } = session;
  const log = createSessionLog<CommandTaken | LiveEvent>(stored);
  let [events, decisions] = [0, 0];
  let hasFailed = false;
  const isDone = (): boolean => hasFailed || (log.isThrough && compareEntryIds(again.lastEntryId, to) >= 0);

  function check(): void {
    const taken = again.take();
    const same = taken.length - log.check(taken).length;
    events += same;
    for (let n = 0; n < same; n++) if (taken[n]!.type === 'decided') decisions++;
  }

  /** A strategy that failed fails again, behind the same events. */
  function push(entries: readonly Entry[]): void {
    try {
      again.push(entries);
    } catch (error) {
      if (!(error instanceof StrategyFailure)) throw error;
      hasFailed = true;
    }
    check();
  }

  function tellStored(): void {
    for (let told = log.next; told !== undefined; told = log.next) {
      if (compareEntryIds(told.afterEntryId, again.lastEntryId) > 0) return;
      again.tell(told);
      check();
    }
  }

  try {
    check();
    for await (const entries of replay({ redis, instrument: opened.settings.instrument, from: opened.fromEntryId })) {
      for (let rest = entries; rest.length > 0 && !isDone(); ) {
        const { next } = log;
        const count = Math.min(part, next === undefined ? rest.length : countUpTo(rest, next.afterEntryId));
        push(rest.slice(0, count));
        rest = rest.slice(count);
        tellStored();
      }
      if (isDone()) break;
    }
  } catch (error) {
    if (!(error instanceof Divergence)) throw error;
    return { events, decisions, difference: error.message };
  }
  const missing = log.isThrough ? null : `event ${events} of the session did not come again: ${stored[events]}`;
  return { events, decisions, difference: missing };
}
