import type { Redis } from 'ioredis';
import { connectRedis } from '../../../infra/redis.ts';
import type { LedgerCommand, SessionSettings, TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import type { AccountStatus } from '../../../services/trader/account-status.ts';
import { tellTrader } from '../../../services/trader/tell-trader.ts';
import { type AccountTrader, type TradeAccountOptions, tradeAccount } from '../../../services/trader/trade-account.ts';
import type { Entry } from '../../../streams/entry.ts';
import { testInstrument } from '../../support/servers.ts';
import { until } from '../../support/until.ts';
import { madeSettings } from './made-session.ts';
import { growLog, ledgerOf, writeLog } from './trading-log.ts';

/** So many entries of the log are there when trading begins. */
export const BEFORE = 120;

export interface Trading {
  readonly instrument: string;
  readonly account: string;
  trader: AccountTrader;
  readonly status: () => AccountStatus;
  readonly tell: (command: Partial<LedgerCommand> & Pick<LedgerCommand, 'type'>) => Promise<string>;
  /** A start on the instrument, or as the settings say. */
  readonly start: (settings?: Partial<SessionSettings>) => Promise<string>;
  readonly grow: (from: number, to: number) => Promise<void>;
  /** As after the process was started anew. */
  readonly restart: (meanwhile?: () => Promise<void>) => Promise<void>;
  /** Whether it has read these, and the ledger has what followed from them. */
  readonly isThrough: (entries: readonly Entry[]) => boolean;
}

/** Whether its session runs, though its features may not be warm yet. */
export function isOn({ state, reason }: AccountStatus): boolean {
  return state === 'running' || (state === 'waiting' && /^its features are not valid yet/.test(reason ?? ''));
}

/** A connection that says how many scripts it waits for: the ledger is written by one. */
function countingScripts(redis: Redis): { readonly redis: Redis; readonly waiting: () => number } {
  let waiting = 0;
  const counting: Redis = Object.create(redis, {
    eval: {
      value(...args: Parameters<Redis['eval']>) {
        waiting++;
        return redis.eval(...args).finally(() => waiting--);
      },
    },
  });
  return { redis: counting, waiting: () => waiting };
}

let count = 0;

/** A log that has begun, and a trader who was told to start. */
export function tradingOn(redis: Redis, redisUrl: string, entries: readonly Entry[]) {
  return async (
    work: (trading: Trading) => Promise<void>,
    settings: Partial<SessionSettings> = {},
    options: Partial<TradeAccountOptions> = {},
  ): Promise<void> => {
    const instrument = testInstrument();
    const account = `account-${process.pid}-${count++}`;
    const tailRedis = await connectRedis(redisUrl);
    const counted = countingScripts(redis);
    const begin = () => tradeAccount({ redis: counted.redis, tailRedis, account, log: () => {}, ...options });
    const tell: Trading['tell'] = (command) =>
      tellTrader(redis, account, { by: 'test', timeMs: 0, flattens: false, reason: '', ...command } as LedgerCommand);
    await writeLog(redis, instrument, entries.slice(0, BEFORE));
    const trading: Trading = {
      instrument,
      account,
      trader: begin(),
      status: () => trading.trader.status(),
      tell,
      start: (said) => tell({ type: 'start', settings: madeSettings(instrument, said) } as LedgerCommand),
      grow: (from, to) => growLog(redis, instrument, entries.slice(from, to), 500),
      async restart(meanwhile) {
        await trading.trader.stop();
        await meanwhile?.();
        trading.trader = begin();
      },
      isThrough: (read) => trading.status().session?.lastEntryId === read.at(-1)!.entryId && counted.waiting() === 0,
    };
    try {
      await trading.start(settings);
      await until('it runs', () => isOn(trading.status()));
      await work(trading);
    } finally {
      await trading.trader.stop();
      tailRedis.disconnect();
    }
  };
}

/** The trader's own events. */
export async function ownEvents(redis: Redis, account: string) {
  const found = await ledgerOf(redis, account);
  return found.flatMap(({ n, text, event }) => (n === undefined ? [] : [{ n, text, event: event as TraderEvent }]));
}
