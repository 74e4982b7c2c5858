import { type Fields, fieldsOf, isObject } from '../api/fields.ts';

/** How an account that trades stands. */
export interface TradingAccount {
  readonly account: string;
  /** When its trader told so. */
  readonly timeMs: number;
  readonly state: 'stopped' | 'waiting' | 'running' | 'halted' | 'failed';
  readonly reason: string | null;
  /** null: none runs. */
  readonly session: TradingSession | null;
  /** The last session, where none runs; null: there has been none, or one runs. */
  readonly ended: EndedSession | null;
}

export interface EndedSession {
  readonly instrument: string;
  /** Quote asset. */
  readonly equity: number;
}

export interface TradingSession {
  readonly id: string;
  readonly mode: string;
  readonly instrument: string;
  readonly strategy: string;
  /** `qty 0.01, maxQty 0.1` */
  readonly parameters: string;
  readonly sinceMs: number;
  readonly initialBalance: number;
  readonly equity: number;
  readonly walletBalance: number;
  readonly unrealisedPnl: number;
  readonly realisedPnl: number;
  readonly fees: number;
  readonly funding: number;
  /** Base asset, negative: short. */
  readonly position: number;
  readonly markPrice: number | null;
  readonly orders: readonly TradingOrder[];
  /** Conditional ones, which wait for their price. */
  readonly waiting: readonly WaitingOrder[];
  readonly fills: readonly TradingFill[];
  readonly sent: number;
  readonly filled: number;
  /** Orders that were not sent, by the risk limit that stopped them. */
  readonly stopped: readonly (readonly [limit: string, count: number])[];
}

export interface TradingOrder {
  readonly orderId: number;
  readonly side: string;
  /** null: at any price. */
  readonly price: number | null;
  readonly qty: number;
  readonly state: string;
}

export interface WaitingOrder {
  readonly orderId: number;
  readonly side: string;
  /** `stop market` */
  readonly type: string;
  /** null: it trails already. */
  readonly trigger: number | null;
  /** null: what there is of the position. */
  readonly qty: number | null;
}

export interface TradingFill {
  readonly timeMs: number;
  readonly orderId: number;
  readonly side: string;
  readonly price: number;
  readonly qty: number;
  readonly outcome: string;
  readonly fee: number;
  readonly realisedPnl: number;
}

const STATES = ['stopped', 'waiting', 'running', 'halted', 'failed'] as const;
/** That a strategy only watches at first, or is halted, is no limit. */
const NO_LIMITS: readonly string[] = ['warm-up', 'halted'];

/** @throws TypeError naming the field that is not as expected */
export function readAccount(value: unknown): TradingAccount {
  const fields = fieldsOf('trading', value);
  const said = fields.text('state');
  const state = STATES.find((known) => known === said);
  if (state === undefined) throw new TypeError(`trading/state: expected one of ${STATES.join(', ')}, was ${said}`);
  const session = fields.raw('session');
  const ended = fields.raw('ended');
  return {
    account: fields.text('account'),
    timeMs: fields.number('timeMs'),
    state,
    reason: fields.textOrNull('reason'),
    session: isObject(session) ? readSession(fieldsOf('trading/session', session)) : null,
    ended: isObject(ended) ? readEnded(fieldsOf('trading/ended', ended)) : null,
  };
}

function readEnded(fields: Fields): EndedSession {
  return { instrument: fields.text('instrument'), equity: fields.number('equity') };
}

function readSession(fields: Fields): TradingSession {
  const counts = fieldsOf('trading/session/counts', fields.raw('counts'));
  const parameters = fields.raw('parameters');
  const stopped = counts.raw('stopped');
  return {
    id: fields.text('session'),
    mode: fields.text('mode'),
    instrument: fields.text('instrument'),
    strategy: fields.text('strategy'),
    parameters: isObject(parameters)
      ? Object.entries(parameters)
          .map(([name, set]) => `${name} ${set}`)
          .join(', ')
      : '',
    sinceMs: fields.number('sinceMs'),
    initialBalance: fields.number('initialBalance'),
    equity: fields.number('equity'),
    walletBalance: fields.number('walletBalance'),
    unrealisedPnl: fields.number('unrealisedPnl'),
    realisedPnl: fields.number('realisedPnl'),
    fees: fields.number('fees'),
    funding: fields.number('funding'),
    position: fields.number('position'),
    markPrice: fields.numberOrNull('markPrice'),
    orders: fields.list('orders').map(readOrder),
    waiting: fields.list('waiting').map(readWaiting),
    fills: fields.list('fills').map(readFill),
    sent: counts.number('sent'),
    filled: counts.number('filled'),
    stopped: isObject(stopped)
      ? Object.entries(stopped).flatMap(([name, count]) =>
          NO_LIMITS.includes(name) ? [] : [[name, Number(count)] as const],
        )
      : [],
  };
}

function readOrder(value: unknown): TradingOrder {
  const fields = fieldsOf('trading/session/orders', value);
  return {
    orderId: fields.number('orderId'),
    side: fields.text('side'),
    price: fields.numberOrNull('price'),
    qty: fields.number('qty'),
    state: fields.text('state'),
  };
}

function readWaiting(value: unknown): WaitingOrder {
  const fields = fieldsOf('trading/session/waiting', value);
  return {
    orderId: fields.number('orderId'),
    side: fields.text('side'),
    type: fields.text('type').toLowerCase().replaceAll('_', ' '),
    trigger: fields.numberOrNull('trigger'),
    qty: fields.numberOrNull('qty'),
  };
}

function readFill(value: unknown): TradingFill {
  const fields = fieldsOf('trading/session/fills', value);
  return {
    timeMs: fields.number('timeMs'),
    orderId: fields.number('orderId'),
    side: fields.text('side'),
    price: fields.number('price'),
    qty: fields.number('qty'),
    outcome: fields.text('outcome'),
    fee: fields.number('fee'),
    realisedPnl: fields.number('realisedPnl'),
  };
}

/** What accounts are that they were not before, in words: `paper is halted: spread too wide`. */
export function stateChanges(before: readonly TradingAccount[], now: readonly TradingAccount[]): string[] {
  return now.flatMap(({ account, state, reason }) => {
    const was = before.find((found) => found.account === account)?.state;
    if (was === undefined || was === state) return [];
    return [`${account} is ${state}${reason === null || reason === '' ? '' : `: ${reason}`}`];
  });
}

/** `long 0.02 BTC`, `short 0.01 BTC`, `flat` */
export function positionText({ position, instrument }: Pick<TradingSession, 'position' | 'instrument'>): string {
  if (position === 0) return 'flat';
  return withUnit(`${position > 0 ? 'long' : 'short'} ${Math.abs(position)}`, assetsOf(instrument).base);
}

/** Those of Binance's perpetual futures. */
const QUOTES = ['USDT', 'USDC', 'FDUSD', 'USD1', 'BTC'] as const;

/** Base and quote asset of `venue:SYMBOL`; both empty where the symbol does not tell them. */
export function assetsOf(instrument: string): { readonly base: string; readonly quote: string } {
  const symbol = instrument.slice(instrument.indexOf(':') + 1);
  const quote = QUOTES.find((known) => symbol.endsWith(known) && symbol !== known);
  return quote === undefined ? { base: '', quote: '' } : { base: symbol.slice(0, -quote.length), quote };
}

export function withUnit(value: string, unit: string): string {
  return unit === '' ? value : `${value} ${unit}`;
}
