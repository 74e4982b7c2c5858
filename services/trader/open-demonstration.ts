import type { Redis } from 'ioredis';
import type { Config } from '../../infra/config.ts';
import { listAccounts } from '../../streams/ledger.ts';
import { sessionSettings } from './session-settings.ts';
import { tellTrader } from './tell-trader.ts';

/** The account that a first start trades for. */
export const DEMONSTRATION_ACCOUNT = 'paper';

/** Where nobody has traded yet, begins paper trading as the configuration says. */
export async function openDemonstration(redis: Redis, { paper, instruments }: Config): Promise<void> {
  if (paper === 'off' || (await listAccounts(redis)).length > 0) return;
  const settings = await sessionSettings({ instrument: instruments[0], strategy: paper });
  await tellTrader(redis, DEMONSTRATION_ACCOUNT, { type: 'start', by: 'first start', timeMs: Date.now(), settings });
}
