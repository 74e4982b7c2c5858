import { createAccountState } from '../../../operators/account/account-state.ts';
import { withdrawableE8 } from '../../../operators/account/margin.ts';
import type { MarketSource } from '../market-source.ts';
import { accountRoutes } from './account-routes.ts';
import { algoDesk } from './algo-desk.ts';
import { algoRoutes } from './algo-routes.ts';
import { bookkeeping, type UserFeed } from './bookkeeping.ts';
import { clearing } from './clearing.ts';
import { countdowns } from './countdowns.ts';
import { credentialsOf } from './credentials.ts';
import { historyRoutes } from './history-routes.ts';
import { type ListenKeys, listenKeys } from './listen-keys.ts';
import { createListings } from './listing.ts';
import { markTicks, reducibleBy } from './order-checks.ts';
import { type OrderCounts, orderCounts } from './order-counts.ts';
import { orderDesk } from './order-desk.ts';
import { orderRoutes } from './order-routes.ts';
import type { PrivateRoutes } from './private-route.ts';
import { streamRoutes } from './stream-routes.ts';
import type { UserAccount } from './user-account.ts';

/** An account to begin with; its key and secret follow from its name. */
export interface AccountOptions {
  readonly name: string;
  /** In 1e-8 USDT. */
  readonly balanceE8: number;
}

export interface PrivateSideOptions {
  readonly source: MarketSource;
  readonly accounts: readonly AccountOptions[];
  /** @default 60 minutes */
  readonly listenKeyMs: number;
  /** Sends an event to whoever has opened this listen key's stream. */
  readonly send: (listenKey: string, event: string, payload: string) => void;
  /** A listen key opens nothing any more. */
  readonly onClosed: (listenKey: string) => void;
}

/** Everything of the venue that belongs to accounts: keys, orders, positions, and the events that tell of them. */
export interface PrivateSide {
  readonly routes: PrivateRoutes;
  /** By API key. */
  readonly accounts: ReadonlyMap<string, UserAccount>;
  readonly counts: OrderCounts;
  readonly keys: ListenKeys;
  /** @throws RangeError where there is one of that name */
  readonly open: (account: AccountOptions) => UserAccount;
  /** @throws RangeError where there is no such account; negative is taken out. */
  readonly deposit: (name: string, amountE8: number) => UserAccount;
  readonly close: () => void;
}

/** Listen keys and countdowns are looked at this often, whatever the market does. */
const TURN_MS = 20;

export function privateSide(options: PrivateSideOptions): PrivateSide {
  const { source, send, onClosed } = options;
  const market = source.trading;
  const listings = createListings(source.instruments);
  const accounts = new Map<string, UserAccount>();
  const keys = listenKeys(options.listenKeyMs, Date.now);
  const feed: UserFeed = (account, event, payload) => {
    const listenKey = keys.current(account);
    if (listenKey !== undefined) send(listenKey, event, payload);
  };
  const nowMs = (): number => Math.floor(market.catchUp());
  const books = bookkeeping(listings, feed);
  // Ids go on above those of an earlier run, as the time does; a millisecond holds more than an account may place.
  const desk = orderDesk(listings, market, books, Math.floor(source.nowMs()) * 100);
  const clear = clearing(listings, desk, books);
  const algos = algoDesk(listings, market, desk, feed);
  const timers = countdowns(desk);
  desk.onEnd = algos.ended;

  const each = (action: (account: UserAccount) => void): void => {
    for (const account of accounts.values()) action(account);
  };
  market.begin({
    onFill: desk.fill,
    onExpired: desk.expired,
    reducibleSteps: (apiKey, symbol, side, positionSide) => {
      const account = accounts.get(apiKey);
      return account === undefined ? 0 : reducibleBy(listings, account, { symbol, side, positionSide });
    },
    onTrade: (symbol, priceTicks) => each((account) => algos.price(account, symbol, 'CONTRACT_PRICE', priceTicks)),
    onMark: (symbol, mark) => {
      const listing = listings.bySymbol.get(symbol);
      if (listing === undefined) return;
      const ticks = markTicks(listing, mark.markPriceE8);
      each((account) => {
        clear.mark(account, symbol, mark);
        algos.price(account, symbol, 'MARK_PRICE', ticks);
      });
    },
    onFunding: (symbol, rateE8, markPriceE8, timeMs) =>
      each((account) => clear.settleFunding(account, symbol, rateE8, markPriceE8, timeMs)),
    onTurn: (timeMs) =>
      each((account) => {
        desk.expireOld(account, timeMs);
        algos.turn(account, Math.floor(timeMs));
      }),
  });
  const turn = setInterval(() => {
    each(timers.turn);
    for (const { key } of keys.takeExpired()) {
      send(key, 'listenKeyExpired', JSON.stringify({ e: 'listenKeyExpired', E: nowMs(), listenKey: key }));
      onClosed(key);
    }
  }, TURN_MS);

  const transfer = (account: UserAccount, amountE8: number): void => {
    const timeMs = nowMs();
    const type = amountE8 > 0 ? 'deposit' : 'withdrawal';
    const mostE8 = withdrawableE8(listings.terms, account.state);
    if (-amountE8 > mostE8)
      throw new RangeError(`amount: must be at most ${mostE8 / 1e8} to take out, was ${-amountE8 / 1e8}`);
    books.evolve(account, { type, timeMs, amountE8: Math.abs(amountE8) });
    books.earn(account, { symbol: '', type: 'TRANSFER', amountE8, info: 'TRANSFER', tradeId: '', timeMs });
    books.tellAccount(account, amountE8 > 0 ? 'DEPOSIT' : 'WITHDRAW', amountE8, [], timeMs);
  };

  const self: PrivateSide = {
    routes: new Map([
      ...orderRoutes(listings, desk, timers, nowMs),
      ...algoRoutes(listings, algos, nowMs),
      ...accountRoutes(listings, books, feed, nowMs),
      ...historyRoutes(listings),
      ...streamRoutes(keys, onClosed),
    ]),
    accounts,
    counts: orderCounts(),
    keys,
    open: ({ name, balanceE8 }) => {
      const credentials = credentialsOf(name);
      if (accounts.has(credentials.apiKey)) throw new RangeError(`name: must be new, was ${name} of an account`);
      const account: UserAccount = {
        name,
        ...credentials,
        state: createAccountState(listings.terms),
        orders: new Map(),
        open: new Map(),
        byClientId: new Map(),
        trades: [],
        amendments: [],
        income: [],
        algoOrders: new Map(),
        countdowns: new Map(),
        updatedMs: nowMs(),
      };
      accounts.set(credentials.apiKey, account);
      for (const symbol of listings.bySymbol.keys()) {
        const mark = market.mark(symbol);
        if (mark !== undefined) clear.mark(account, symbol, mark);
      }
      if (balanceE8 > 0) transfer(account, balanceE8);
      return account;
    },
    deposit: (name, amountE8) => {
      const account = accounts.get(credentialsOf(name).apiKey);
      if (account === undefined) throw new RangeError(`name: must be of an account, was ${name}`);
      transfer(account, amountE8);
      return account;
    },
    close: () => clearInterval(turn),
  };
  for (const account of options.accounts) self.open(account);
  return self;
}
