import type { Redis } from 'ioredis';
import type { LedgerCommand } from '../../operators/ledger/ledger-event.ts';
import { appendCommand } from '../../streams/ledger.ts';

/** Writes a command to the account's ledger: whoever trades for it obeys within a tenth of a second. @returns its id */
export async function tellTrader(redis: Redis, account: string, command: LedgerCommand): Promise<string> {
  return appendCommand(redis, account, JSON.stringify(command));
}
