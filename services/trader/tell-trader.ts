import type { Redis } from 'ioredis';
import type { LedgerCommand } from '../../operators/ledger/ledger-event.ts';
import { accountStatusKey } from '../../streams/keys.ts';
import { appendCommand } from '../../streams/ledger.ts';
import type { AccountStatus } from './account-status.ts';

/** Writes a command to the account's ledger: whoever trades for it obeys within a tenth of a second. @returns its id */
export async function tellTrader(redis: Redis, account: string, command: LedgerCommand): Promise<string> {
  return appendCommand(redis, account, JSON.stringify(command));
}

/** How the account stood a second ago; undefined where no trader is there. */
export async function readAccountStatus(redis: Redis, account: string): Promise<AccountStatus | undefined> {
  const text = await redis.get(accountStatusKey(account));
  return text === null ? undefined : (JSON.parse(text) as AccountStatus);
}
