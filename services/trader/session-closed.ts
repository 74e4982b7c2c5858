import type { AccountState } from '../../operators/account/account-state.ts';
import { equityE8 } from '../../operators/account/valuation.ts';
import type { SessionClosed, SessionOpened } from '../../operators/ledger/ledger-event.ts';

/** What is written of a session's end. @param state of its account; of a running one with mark prices, as the ledger has none */
export function sessionClosed(
  { session, settings }: SessionOpened,
  state: AccountState,
  { reason, toEntryId }: Pick<SessionClosed, 'reason' | 'toEntryId'>,
): SessionClosed {
  // What it begins with is written with its first events.
  const equity = state.depositedE8 === 0 ? settings.balance : equityE8(state) / 1e8;
  return { type: 'sessionClosed', session, timeMs: Date.now(), reason, toEntryId, equity };
}
