import type { AccountStatus } from '../../trader/account-status.ts';
import type { Metric, Sample } from './exposition.ts';

const STATES = ['stopped', 'waiting', 'running', 'halted', 'failed'] as const;

/** How accounts stand, as metrics: counts, and nothing of what they are worth, since no key is needed to read them. */
export function tradingMetrics(accounts: readonly AccountStatus[]): Metric[] {
  const of = (value: (session: NonNullable<AccountStatus['session']>) => number): Sample[] =>
    accounts.flatMap(({ account, session }) =>
      session === null ? [] : [{ labels: { account, mode: session.mode }, value: value(session) }],
    );
  const orders = (what: string, samples: Sample[]): Metric => ({
    name: `don_trading_orders_${what}_total`,
    help: `Orders of the account's session that were ${what}`,
    type: 'counter',
    samples,
  });
  return [
    {
      name: 'don_trading_accounts',
      help: 'Accounts in a state',
      type: 'gauge',
      samples: STATES.map((state) => ({
        labels: { state },
        value: accounts.filter((account) => account.state === state).length,
      })),
    },
    orders(
      'sent',
      of(({ counts }) => counts.sent),
    ),
    orders(
      'filled',
      of(({ counts }) => counts.filled),
    ),
    orders(
      'cancelled',
      of(({ counts }) => counts.cancelled),
    ),
    orders('stopped', byReason(accounts, 'limit', 'stopped')),
    orders('rejected', byReason(accounts, 'code', 'rejected')),
  ];
}

function byReason(accounts: readonly AccountStatus[], label: string, of: 'stopped' | 'rejected'): Sample[] {
  return accounts.flatMap(({ account, session }) =>
    Object.entries(session?.counts[of] ?? {}).map(([reason, value]) => ({
      labels: { account, mode: session!.mode, [label]: reason },
      value,
    })),
  );
}
