import type { Redis } from 'ioredis';
import { listAccounts } from '../../../streams/ledger.ts';
import type { AccountStatus } from '../../trader/account-status.ts';
import { readAccountStatus } from '../../trader/read-account-status.ts';

/** How every account stands, in the order of their names. */
export async function readAccountStatuses(redis: Redis): Promise<AccountStatus[]> {
  const accounts = await listAccounts(redis);
  return Promise.all(accounts.map((account) => readAccountStatus(redis, account)));
}
