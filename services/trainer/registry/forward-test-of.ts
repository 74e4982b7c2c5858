import type { Redis } from 'ioredis';
import { BadInput } from '../../../infra/setup-error.ts';
import { sessionResult } from '../../trader/session-result.ts';
import { lastSession } from '../../trader/stored-session.ts';
import { verifySession } from '../../trader/verify-session.ts';
import type { ForwardTest } from './forward-test.ts';

/**
 * The forward test of an account's last session, which is run again from the log for it: nothing of it is only said.
 * Each model's file must be in the home (`ensureModelFile`).
 * @throws BadInput where there is none, it was live, or it cannot be run again; SetupError where it says otherwise
 */
export async function forwardTestOf(redis: Redis, account: string): Promise<ForwardTest> {
  const { settings, toMs, curve, fills, liquidations } = await sessionResult(redis, account);
  const verified = await verifySession(redis, account);
  if (verified === undefined || verified.session === null || verified.obstacle !== null)
    throw new BadInput(
      `--account: expected a session that can be run again, found that of ${account}: ${verified?.obstacle ?? 'none'}`,
    );
  const { last } = await lastSession(redis, account);
  return {
    account,
    session: verified.session,
    strategy: settings.strategy,
    instrument: settings.instrument,
    // Before that it only watched.
    fromMs: Math.floor(last!.opened.tradesFromUs / 1_000),
    toMs: Math.ceil(toMs),
    decisions: verified.decisions,
    differences: verified.difference === null ? 0 : 1,
    initialEquity: settings.initialBalance,
    equity: curve.equity.at(-1)!,
    fills: fills.length,
    liquidations,
  };
}
