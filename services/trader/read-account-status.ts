import type { Redis } from 'ioredis';
import { accountStatusKey } from '../../streams/keys.ts';
import { openAccountLedger } from './account-ledger.ts';
import { type AccountStatus, endedSession } from './account-status.ts';

/** A trader tells once a second; one that has not for so long is not there. */
const SILENT_MS = 5_000;

/** How the account stands: as its trader said a second ago, or, where none is there, as it was left. */
export async function readAccountStatus(redis: Redis, account: string): Promise<AccountStatus> {
  const text = await redis.get(accountStatusKey(account));
  if (text === null) return neverTold(redis, account);
  const told = JSON.parse(text) as AccountStatus;
  if (Date.now() - told.timeMs <= SILENT_MS) return told;
  const state = told.session === null || told.state === 'halted' ? told.state : 'waiting';
  return { ...told, state, reason: `no trader is there since ${new Date(told.timeMs).toISOString().slice(0, 19)}Z` };
}

/** Whether a trader is there for it. */
export function isTold({ timeMs }: AccountStatus): boolean {
  return Date.now() - timeMs <= SILENT_MS;
}

async function neverTold(redis: Redis, account: string): Promise<AccountStatus> {
  const { state } = await openAccountLedger(redis, account);
  const reason = `no trader is there${state.isHalted ? '; halted' : ''}`;
  return {
    account,
    timeMs: 0,
    state: state.session === null ? 'stopped' : 'waiting',
    reason,
    session: null,
    ended: endedSession(state),
  };
}
