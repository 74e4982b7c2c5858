import { USDMClient } from 'binance';
import type { Redis } from 'ioredis';
import { connectRedis } from '../../../../infra/redis.ts';
import { createLedgerState, evolveLedger, type LedgerState } from '../../../../operators/ledger/ledger.ts';
import type { LedgerCommand, SessionSettings, TraderEvent } from '../../../../operators/ledger/ledger-event.ts';
import { sessionSettings } from '../../../../services/trader/session-settings.ts';
import { tellTrader } from '../../../../services/trader/tell-trader.ts';
import { type AccountTrader, tradeAccount } from '../../../../services/trader/trade-account.ts';
import type { VenueOptions } from '../../../../services/venue/venue.ts';
import { testServers } from '../../../support/servers.ts';
import { INSTRUMENT, type Rig, SYMBOL, withRig } from '../../recorder/rig.ts';
import { answered, e8 } from '../../venue/private/trader.ts';
import { ledgerOf, until } from '../trading-log.ts';

/** Trades much within seconds, both ways. */
export const BUSY = { everyMs: 100, halfSpreadBps: 0, skewBps: 0.2, qty: 0.01, maxQty: 0.05 };

/** A venue, its recorder, and traders of one account that have its keys. */
export interface LiveRig extends Rig {
  readonly account: string;
  readonly redisUrl: string;
  /** What the traders have logged. */
  readonly lines: readonly string[];
  /** The exchange's own word, by a client of its own. */
  readonly rest: USDMClient;
  begin(options?: BeginOptions): Promise<AccountTrader>;
  start(settings?: Partial<SessionSettings>, confirms?: string): Promise<void>;
  tell(command: object): Promise<void>;
  events(): Promise<TraderEvent[]>;
  ledger(): Promise<LedgerState>;
  until(what: string, isSo: (state: LedgerState) => Promise<boolean> | boolean, withinMs?: number): Promise<void>;
}

export interface BeginOptions {
  /** Whether live trading is on at all. */
  readonly isOn?: boolean;
  /** Instead of the rig's own connection. */
  readonly redis?: Redis;
  readonly secret?: string;
}

let accounts = 0;
let redisUrl: string | undefined;

export async function withLiveRig(
  run: (rig: LiveRig) => Promise<void>,
  venueOptions: VenueOptions = {},
): Promise<void> {
  redisUrl ??= (await testServers('redis')).redisUrl;
  await withRig({ venue: { pace: 4, ...venueOptions }, redisUrl }, async (rig) => {
    const { redis, venue } = rig;
    const account = `live-${process.pid}-${++accounts}`;
    const lines: string[] = [];
    const { apiKey, secret } = venue.credentials('demo');
    const rest = new USDMClient({ api_key: apiKey, api_secret: secret, baseUrl: venue.restUrl, disableTimeSync: true });
    rest.setTimeOffset(Number(await answered(rest.getServerTime())) - Date.now());
    const traders: (() => Promise<void>)[] = [];
    const events = async (): Promise<TraderEvent[]> =>
      (await ledgerOf(redis, account)).filter(({ n }) => n !== undefined).map(({ event }) => event as TraderEvent);
    const ledger = async (): Promise<LedgerState> => {
      const state = createLedgerState();
      for (const { event } of await ledgerOf(redis, account)) evolveLedger(state, event);
      return state;
    };
    const tell = async (command: object): Promise<void> => {
      await tellTrader(redis, account, { by: 'test', timeMs: Date.now(), ...command } as LedgerCommand);
    };
    try {
      await until('the market is recorded', async () => (await rig.log()).length > 50);
      await run({
        ...rig,
        account,
        redisUrl: redisUrl!,
        lines,
        rest,
        async begin({ isOn = true, ...given } = {}) {
          const tailRedis = await connectRedis(redisUrl!);
          const trader = tradeAccount({
            redis,
            tailRedis,
            account,
            ...given,
            live: isOn
              ? {
                  keys: { apiKey, secret: given.secret ?? secret },
                  restUrl: venue.restUrl,
                  wsUrl: venue.wsUrl,
                  testnet: false,
                }
              : undefined,
            log: (level, message, detail) => lines.push(`${level} ${message} ${JSON.stringify(detail ?? {})}`),
          });
          traders.push(async () => {
            await trader.stop();
            tailRedis.disconnect();
          });
          return trader;
        },
        async start(settings = {}, confirms = account) {
          const request = { instrument: INSTRUMENT, strategy: 'market-maker', parameters: BUSY, mode: 'live' as const };
          await tell({ type: 'start', confirms, settings: await sessionSettings({ ...request, ...settings }) });
        },
        tell,
        events,
        ledger,
        until: (what, isSo, withinMs) => until(what, async () => isSo(await ledger()), withinMs),
      });
    } catch (error) {
      if (error instanceof Error) error.message += `\n${lines.slice(-30).join('\n')}`;
      throw error;
    } finally {
      for (const stop of traders) await stop();
    }
  });
}

/** What the ledger folds to, and what the exchange has, in the same words. */
export async function bothAccounts(
  { rest }: Pick<LiveRig, 'rest'>,
  ledger: LedgerState,
): Promise<{ readonly ledger: object; readonly exchange: object }> {
  const { state } = ledger.account!;
  const { steps } = state.books[0]!.both;
  const account = await answered(rest.getAccountInformationV3());
  const [position] = await answered(rest.getPositionsV3({ symbol: SYMBOL }));
  const trades = await answered(rest.getAccountTrades({ symbol: SYMBOL, limit: 1000 }));
  const since = trades.slice(-ledger.fills);
  const sum = (amounts: (string | number)[]): string => String(amounts.reduce((total, each) => total + e8(each), 0n));
  return {
    ledger: {
      wallet: String(state.walletE8),
      fees: String(state.feesE8),
      realised: String(state.realisedE8),
      position: steps,
      fills: ledger.fills,
      open: ledger.open.size,
    },
    exchange: {
      wallet: sum([account.totalWalletBalance]),
      fees: sum(since.map(({ commission }) => commission)),
      realised: sum(since.map(({ realizedPnl }) => realizedPnl)),
      position: Math.round(Number(position?.positionAmt ?? 0) * 1000),
      fills: since.length,
      open: (await answered(rest.getAllOpenOrders({ symbol: SYMBOL }))).length,
    },
  };
}

/** Client order ids that the exchange has had, each as often as it had it. */
export async function idsAtExchange({ rest }: Pick<LiveRig, 'rest'>): Promise<string[]> {
  const orders = await answered(rest.getAllOrders({ symbol: SYMBOL, limit: 1000 }));
  return orders.map(({ clientOrderId }) => clientOrderId);
}

/** Client order ids that the ledger says the exchange has taken: those that were sent but for those that it refused. */
export function takenOrders(events: readonly TraderEvent[]): string[] {
  const refused = new Set<number | null>();
  for (const event of events) if (event.type === 'orderClosed' && event.end === 'REJECTED') refused.add(event.orderId);
  return events.flatMap((event) =>
    event.type === 'orderIntended' && !refused.has(event.order.orderId) ? [event.clientOrderId] : [],
  );
}
