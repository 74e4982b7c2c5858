import { USDMClient } from 'binance';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { connectRedis } from '../../../../infra/redis.ts';
import { createLedgerState, evolveLedger, type LedgerState } from '../../../../operators/ledger/ledger.ts';
import type { LedgerCommand, SessionSettings, TraderEvent } from '../../../../operators/ledger/ledger-event.ts';
import { sessionSettings } from '../../../../services/trader/session-settings.ts';
import { tellTrader } from '../../../../services/trader/tell-trader.ts';
import { type AccountTrader, tradeAccount } from '../../../../services/trader/trade-account.ts';
import { REQUEST_WEIGHT_PER_MINUTE } from '../../../../services/venue/exchange-info.ts';
import type { VenueOptions } from '../../../../services/venue/venue.ts';
import { testServers } from '../../../support/servers.ts';
import { until } from '../../../support/until.ts';
import { INSTRUMENT, type Rig, SYMBOL, withRig } from '../../recorder/rig.ts';
import { answered, e8, PATIENCE, useClockOf } from '../../venue/private/trader.ts';
import { type LedgerOrders, ordersIn } from '../ledger-orders.ts';
import { ledgerOf } from '../trading-log.ts';
import { CLOSE_WAIT_MS } from './close-wait.ts';
import { TEST_HEADER, weighTraders } from './trader-weight.ts';

/** Trades much within seconds, both ways. */
export const BUSY = { everyMs: 100, halfSpreadBps: 0, skewBps: 0.2, qty: 0.01, maxQty: 0.05 };

/** What the ledger folds to, and what it tells of orders. */
export interface LedgerView extends LedgerState, LedgerOrders {}

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
  ledger(): Promise<LedgerView>;
  until(what: string, isSo: (state: LedgerView) => Promise<boolean> | boolean): Promise<boolean>;
}

export interface BeginOptions {
  /** Whether live trading is on at all. */
  readonly isOn?: boolean;
  /** Instead of the rig's own connection. */
  readonly redis?: Redis;
  readonly secret?: string;
  readonly closeWaitMs?: number;
}

/** Trading takes many steps, each with an answer of the exchange: on a busy machine minutes. */
const WITHIN_MS = 180_000;
/** Never used up, however often the tests themselves ask. What the traders ask is weighed apart from that. */
const WEIGHT_LIMIT = 1_000_000;
/** Longer than a test waits: orders that are cancelled were cancelled by the trader, not by the exchange's own switch. */
const COUNTDOWN_MS = 600_000;
/** Funding is settled at 8:00 and 16:00: no test lasts until then, and finds it settled but not yet in the ledger. */
const ANCHOR_MS = Date.UTC(2026, 10, 27, 10);

let accounts = 0;
let redisUrl: string | undefined;

export async function withLiveRig(
  run: (rig: LiveRig) => Promise<void>,
  venueOptions: VenueOptions = {},
): Promise<void> {
  redisUrl ??= (await testServers('redis')).redisUrl;
  const venueOfRig = { pace: 4, anchorMs: ANCHOR_MS, weightLimit: WEIGHT_LIMIT, ...venueOptions };
  await withRig({ venue: venueOfRig, redisUrl }, async (rig) => {
    const { redis, venue } = rig;
    const account = `live-${process.pid}-${++accounts}`;
    const lines: string[] = [];
    const { apiKey, secret } = venue.credentials('demo');
    const keys = { api_key: apiKey, api_secret: secret, recvWindow: PATIENCE.recvWindow };
    const headers = { [TEST_HEADER]: 'yes' };
    const rest = new USDMClient({ ...keys, baseUrl: venue.restUrl, disableTimeSync: true }, { headers });
    await useClockOf(rest);
    const weight = weighTraders(venue);
    const traders: (() => Promise<void>)[] = [];
    const events = async (): Promise<TraderEvent[]> =>
      (await ledgerOf(redis, account)).filter(({ n }) => n !== undefined).map(({ event }) => event as TraderEvent);
    const ledger = async (): Promise<LedgerView> => {
      const state = createLedgerState();
      const all = (await ledgerOf(redis, account)).map(({ event }) => event);
      for (const event of all) evolveLedger(state, event);
      return { ...state, ...ordersIn(all) };
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
            closeWaitMs: CLOSE_WAIT_MS,
            ...given,
            live: isOn
              ? {
                  keys: { apiKey, secret: given.secret ?? secret },
                  restUrl: venue.restUrl,
                  wsUrl: venue.wsUrl,
                  testnet: false,
                  countdownMs: COUNTDOWN_MS,
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
        until: (what, isSo) => until(what, async () => isSo(await ledger()), WITHIN_MS),
      });
      assert.ok(weight.most() < REQUEST_WEIGHT_PER_MINUTE, `the traders used a weight of ${weight.most()} in a minute`);
    } catch (error) {
      if (error instanceof Error) error.message += `\n${lines.slice(-30).join('\n')}`;
      throw error;
    } finally {
      for (const stop of traders) await stop();
      weight.end();
    }
  });
}

/** What the ledger folds to, and what the exchange has, in the same words. */
export async function bothAccounts(
  { rest }: Pick<LiveRig, 'rest'>,
  ledger: LedgerView,
): Promise<{ readonly ledger: object; readonly exchange: object }> {
  const { state } = ledger.account!;
  const { steps } = state.books[0]!.both;
  const account = await answered(rest.getAccountInformationV3());
  const [position] = await answered(rest.getPositionsV3({ symbol: SYMBOL }));
  const page = (fromId: number) => rest.getAccountTrades({ symbol: SYMBOL, fromId, limit: PAGE });
  const trades = await pages(page, ({ id }) => id);
  const since = ledger.fills === 0 ? [] : trades.slice(-ledger.fills);
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

/** So many the exchange tells at once. */
const PAGE = 1_000;

/** All that it has, by their numbers, which grow. */
async function pages<Item>(ask: (from: number) => Promise<Item[]>, numberOf: (item: Item) => number): Promise<Item[]> {
  const found: Item[] = [];
  for (;;) {
    const last = found.at(-1);
    const page = await answered(ask(last === undefined ? 0 : numberOf(last) + 1));
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

/** Client order ids that the exchange has had, each as often as it had it; those of conditional orders are others. */
export async function idsAtExchange({ rest }: Pick<LiveRig, 'rest'>): Promise<string[]> {
  const page = (orderId: number) => rest.getAllOrders({ symbol: SYMBOL, orderId, limit: PAGE });
  const orders = await pages(page, ({ orderId }) => orderId);
  return orders.map(({ clientOrderId }) => clientOrderId);
}

export async function algoIdsAtExchange({ rest }: Pick<LiveRig, 'rest'>): Promise<string[]> {
  const page = (algoId: number) => rest.getAllAlgoOrders({ symbol: SYMBOL, algoId, limit: PAGE });
  const orders = await pages(page, ({ algoId }) => algoId);
  return orders.map(({ clientAlgoId }) => clientAlgoId);
}

/** Client order ids that the ledger says the exchange has taken: those that were sent but for those that it refused. */
export function takenOrders(events: readonly TraderEvent[]): string[] {
  const refused = refusedIn(events);
  const names = new Map<number | null, string>();
  return events.flatMap((event) => {
    if (event.type === 'conditionalIntended') names.set(event.order.orderId, event.clientOrderId);
    if (event.type === 'orderIntended') return refused.has(event.order.orderId) ? [] : [event.clientOrderId];
    // The venue calls it as the conditional order was called.
    return event.type === 'orderTriggered' ? [names.get(event.order.orderId)!] : [];
  });
}

/** The same of conditional orders. */
export function takenAlgoOrders(events: readonly TraderEvent[]): string[] {
  const refused = refusedIn(events);
  return events.flatMap((event) =>
    event.type === 'conditionalIntended' && !refused.has(event.order.orderId) ? [event.clientOrderId] : [],
  );
}

/** Those that are rejected when they are triggered were taken before. */
function refusedIn(events: readonly TraderEvent[]): Set<number | null> {
  const accepted = new Set<number>();
  const refused = new Set<number | null>();
  for (const event of events) {
    if (event.type === 'orderReported' && event.fact.type === 'accepted') accepted.add(event.orderId);
    if (event.type === 'orderClosed' && event.end === 'REJECTED' && !accepted.has(event.orderId))
      refused.add(event.orderId);
  }
  return refused;
}

/** Changes that the exchange has made, and those that the ledger has intended: `don-1-7 610001 12`. */
export async function amendsOf(rig: Pick<LiveRig, 'rest' | 'events'>) {
  const found = (await answered(rig.rest.getOrderModifyHistory({ symbol: SYMBOL, limit: 1000 }))) as {
    readonly clientOrderId: string;
    readonly amendment: { readonly price: { readonly after: string }; readonly origQty: { readonly after: string } };
  }[];
  const atExchange = found.map(({ clientOrderId, amendment: { price, origQty } }) =>
    [clientOrderId, Math.round(Number(price.after) * 10), Math.round(Number(origQty.after) * 1000)].join(' '),
  );
  const events = await rig.events();
  const names = new Map<number | null, string>();
  for (const event of events)
    if (event.type === 'orderIntended' || event.type === 'conditionalIntended')
      names.set(event.order.orderId, event.clientOrderId);
  const line = (orderId: number, priceTicks: number, qtySteps: number) =>
    [names.get(orderId), priceTicks, qtySteps].join(' ');
  return {
    atExchange: atExchange.reverse(),
    intended: events.flatMap((event) => {
      if (event.type !== 'amendIntended') return [];
      return [line(event.order.orderId, event.order.priceTicks, event.order.qtySteps)];
    }),
    reported: events.flatMap((event) => {
      if (event.type !== 'orderReported' || event.fact.type !== 'amended') return [];
      return [line(event.orderId, event.fact.priceTicks, event.fact.qtySteps)];
    }),
  };
}

/** What of the one list is not, or not as often, in the other. */
export function beyond(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other];
  return list.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
