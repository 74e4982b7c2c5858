import type { Redis } from 'ioredis';
import { evolveAccount } from '../../operators/account/account.ts';
import type { AccountState } from '../../operators/account/account-state.ts';
import { equityE8 } from '../../operators/account/valuation.ts';
import type { LedgerState } from '../../operators/ledger/ledger.ts';
import type { SessionClosed, SessionOpened } from '../../operators/ledger/ledger-event.ts';
import { lastPrice } from './last-price.ts';

type End = Pick<SessionClosed, 'reason' | 'toEntryId'>;

/** What is written of a session's end. @param state of its account, with mark prices */
export function sessionClosed(
  { session, settings }: SessionOpened,
  state: AccountState,
  { reason, toEntryId }: End,
): SessionClosed {
  // What it begins with is written with its first events.
  const equity = state.depositedE8 === 0 ? settings.balance : equityE8(state) / 1e8;
  return { type: 'sessionClosed', session, timeMs: Date.now(), reason, toEntryId, equity };
}

/**
 * The same of one that does not run: the ledger, which has no mark prices, says what its account holds, and the end of the
 * log what that is worth.
 */
export async function closedFromLedger(
  redis: Redis,
  { session, account }: LedgerState,
  end: End,
): Promise<SessionClosed> {
  const { terms, state } = account!;
  const { instrument } = session!.settings;
  const price = state.books[0]!.both.steps === 0 ? undefined : await lastPrice(redis, instrument);
  if (price !== undefined)
    evolveAccount(terms, state, {
      type: 'markPrice',
      timeMs: Date.now(),
      instrument,
      markPriceE8: Math.round(price * 1e8),
    });
  return sessionClosed(session!, state, end);
}
