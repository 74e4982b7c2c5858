import { announce } from './announcer.ts';
import { get, itemsOf } from './api/client.ts';
import { type Connection, type ConnectionState, openConnection } from './api/connection.ts';
import { fieldsOf } from './api/fields.ts';
import { misunderstood, type Problem } from './api/problem.ts';
import { followAdded, loadCatalogue, takeCustomFeatures } from './feature-session.ts';
import { type EquityLines, withEquity } from './market/equity-line.ts';
import { describeGap } from './market/gaps.ts';
import { HISTORY_LOADING, type HistoryState, loadHistory } from './market/history.ts';
import { chooseInstrument, type Instrument, readInstrument } from './market/instrument.ts';
import { createLag, receivedMsOf } from './market/lag.ts';
import { createMarket, MARKET_TOPICS, type Market, type MarketTopic, takeIn } from './market/market.ts';
import { customFeaturesOf, readStatus, type SystemStatus } from './market/status.ts';
import { stillPending, type ToldCommands } from './market/told-command.ts';
import { readAccount, stateChanges, type TradingAccount } from './market/trading.ts';
import { changeSettings, settings } from './settings/settings.ts';
import { onNextFrame } from './store/frame.ts';
import { createStore } from './store/store.ts';

/** Instruments beside the shown one whose last price is followed for the switcher. */
const FOLLOWED_MAX = 20;

/** What is shown as it was received; a bar is received when it ends and tells of when it began. */
const LAG_TOPICS: ReadonlySet<string> = new Set(['book', 'trades']);

export type InstrumentsState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly instruments: readonly Instrument[] }
  | { readonly kind: 'failed'; readonly problem: Problem };

export const instrumentsState = createStore<InstrumentsState>({ kind: 'loading' });
export const shownMarket = createStore<Market | null>(null);
export const historyState = createStore<HistoryState>(HISTORY_LOADING);
export const connectionState = createStore<ConnectionState>({ kind: 'connecting' });
export const systemStatus = createStore<SystemStatus | null>(null);
/** null: nothing was told of them yet. */
export const tradingAccounts = createStore<readonly TradingAccount[] | null>(null);
/** What accounts were told from here and have not said to be done. */
export const toldCommands = createStore<ToldCommands>(new Map());
export const equityLines = createStore<EquityLines>(new Map());
/** Last prices of the instruments that are not shown, by name. */
export const otherPrices = createStore<ReadonlyMap<string, string>>(new Map());
/** The last event that could not be understood. */
export const streamProblem = createStore<Problem | null>(null);
/** When the last event came, local clock in ms; 0: none yet. */
export const lastEventMs = createStore(0);
export const lag = createLag();

let connection: Connection | null = null;
let endAdded = (): void => {};
let loading = new AbortController();

/** Loads the instruments and shows the one that the address or the last visit names, else one that is recorded live. */
export async function start(): Promise<void> {
  instrumentsState.set({ kind: 'loading' });
  const answer = await get('/instruments', itemsOf('instruments', readInstrument));
  if (!answer.isOk) {
    instrumentsState.set({ kind: 'failed', problem: answer.problem });
    return;
  }
  const instruments = answer.value;
  instrumentsState.set({ kind: 'loaded', instruments });
  void loadCatalogue();
  const wanted = [decodeURIComponent(location.hash.slice(1)), settings.get().instrument];
  const first = chooseInstrument(instruments, wanted);
  if (first !== undefined) show(first);
}

/** Shows an instrument: its history is loaded, its events are tailed, those of the one before no longer. */
export function show(instrument: Instrument): void {
  if (shownMarket.get()?.instrument.name === instrument.name) return;
  connection?.close();
  endAdded();
  loading.abort();
  const market = createMarket(instrument);
  shownMarket.set(market);
  streamProblem.set(null);
  changeSettings({ instrument: instrument.name });
  history.replaceState(null, '', `#${instrument.name}`);
  document.title = `${instrument.symbol} · Don`;
  historyState.set(HISTORY_LOADING);
  endAdded = followAdded(market, { history: historyState, connection: connectionState });
  connection = openConnection({
    topics: [
      ...MARKET_TOPICS.map((topic) => `${topic}:${instrument.name}`),
      ...otherTopics(instrument),
      'status',
      'trading',
    ],
    onEvent: (topic, data, id) => take(market, topic, data, id),
    onState: tellConnection,
    onFlow: () => loadAgain(market),
    onRefused: (topic, error) =>
      streamProblem.set({ ...misunderstood(error), title: `An event of ${topic} was not as expected` }),
  });
}

export function retryNow(): void {
  if (connection === null) void start();
  else connection.retryNow();
}

function otherTopics(shown: Instrument): string[] {
  const state = instrumentsState.get();
  const all = state.kind === 'loaded' ? state.instruments : [];
  const others = all.filter(({ name }) => name !== shown.name).slice(0, FOLLOWED_MAX);
  return others.map(({ name }) => `bar:${name}`);
}

function take(market: Market, topic: string, data: unknown, id: string): void {
  lastEventMs.set(Date.now());
  if (topic === 'status') {
    const status = readStatus(data);
    systemStatus.set(status);
    takeCustomFeatures(customFeaturesOf(status));
    return;
  }
  if (topic === 'trading') {
    takeAccounts(itemsOf('trading', readAccount)(data));
    return;
  }
  const colon = topic.indexOf(':');
  const instrument = topic.slice(colon + 1);
  if (instrument !== market.instrument.name) {
    const price = fieldsOf('bar', data).decimal('close');
    otherPrices.set(new Map(otherPrices.get()).set(instrument, price));
    return;
  }
  takeIn(market, topic.slice(0, colon) as MarketTopic, data);
  if (topic.startsWith('gaps:')) announceGap(market);
  if (LAG_TOPICS.has(topic.slice(0, colon))) countLag(data, id, instrument);
}

function takeAccounts(accounts: readonly TradingAccount[]): void {
  const changes = stateChanges(tradingAccounts.get() ?? [], accounts);
  if (changes.length > 0) announce(changes.join('; '));
  tradingAccounts.set(accounts);
  toldCommands.set(stillPending(toldCommands.get(), accounts));
  equityLines.set(withEquity(equityLines.get(), accounts));
}

function countLag(data: unknown, id: string, instrument: string): void {
  const receivedMs = receivedMsOf(data, id, instrument);
  if (receivedMs !== null) lag.add(receivedMs);
  onNextFrame(paint);
}

function paint(): void {
  lag.painted(Date.now());
}

function announceGap(market: Market): void {
  const newest = market.gaps.get()[0];
  if (newest?.toMs === null) announce(describeGap(newest));
}

function tellConnection(state: ConnectionState): void {
  const before = connectionState.get();
  connectionState.set(state);
  if (state.kind === 'live' && before.kind !== 'live') announce('Connected: data are live');
  if (state.kind === 'waiting' && before.kind === 'live') announce('Connection lost, reconnecting');
  if (state.kind === 'expired') announce('The session is over');
}

function loadAgain(market: Market): void {
  loading.abort();
  loading = new AbortController();
  historyState.set(HISTORY_LOADING);
  void loadHistory(market, historyState, loading.signal);
}
