import { createHash } from 'node:crypto';
import type { UserAccount } from './user-account.ts';

/** A listen key lives so long after it was made or kept alive. */
export const LISTEN_KEY_MS = 60 * 60_000;

interface ListenKey {
  readonly key: string;
  readonly account: UserAccount;
  dueMs: number;
}

/** Keys to the user data stream: one for each account at a time. */
export interface ListenKeys {
  /** The account's key, made where it has none; either way it lives anew. */
  readonly obtain: (account: UserAccount) => string;
  /** False where the account has none. */
  readonly keepAlive: (account: UserAccount) => string | undefined;
  readonly close: (account: UserAccount) => string | undefined;
  readonly current: (account: UserAccount) => string | undefined;
  /** True for a key that opens a stream. */
  readonly isKnown: (key: string) => boolean;
  /** Keys that have died since, taken out. */
  readonly takeExpired: () => readonly ListenKey[];
}

/** @param clockMs of the machine: a key's life does not depend on the pace of a recording */
export function listenKeys(lifeMs: number, clockMs: () => number): ListenKeys {
  const keys = new Map<UserAccount, ListenKey>();
  let made = 0;
  const current = (account: UserAccount): ListenKey | undefined => {
    const found = keys.get(account);
    return found !== undefined && found.dueMs > clockMs() ? found : undefined;
  };
  const extend = (found: ListenKey): string => {
    found.dueMs = clockMs() + lifeMs;
    return found.key;
  };
  return {
    obtain: (account) => {
      const found = current(account);
      if (found !== undefined) return extend(found);
      const key = createHash('sha256').update(`${account.apiKey} ${clockMs()} ${++made}`).digest('hex');
      keys.set(account, { key, account, dueMs: clockMs() + lifeMs });
      return key;
    },
    keepAlive: (account) => {
      const found = current(account);
      return found === undefined ? undefined : extend(found);
    },
    close: (account) => {
      const found = current(account);
      keys.delete(account);
      return found?.key;
    },
    current: (account) => current(account)?.key,
    isKnown: (key) => [...keys.values()].some((each) => each.key === key && each.dueMs > clockMs()),
    takeExpired: () => {
      const dead = [...keys.values()].filter(({ dueMs }) => dueMs <= clockMs());
      for (const { account } of dead) keys.delete(account);
      return dead;
    },
  };
}
