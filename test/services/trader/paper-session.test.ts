import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { equityE8 } from '../../../operators/account/valuation.ts';
import { createLedgerState, evolveLedger } from '../../../operators/ledger/ledger.ts';
import type { SessionOpened, TraderEvent } from '../../../operators/ledger/ledger-event.ts';
import { defineStrategy } from '../../../pipelines/simulation/strategy.ts';
import { loadStrategy } from '../../../services/backtest/load-strategy.ts';
import { clientOrderId } from '../../../services/trader/order-events.ts';
import { openPaperSession, type PaperSession, type Told } from '../../../services/trader/paper-session.ts';
import { seededRandom } from '../../operators/market-events.ts';
import { ordersIn } from './ledger-orders.ts';
import { madeEntries, madeOpening, madeSettings } from './made-session.ts';

const INSTRUMENT = 'simulated:BTCUSDT';
const ENTRIES = madeEntries(4_000);
const strategy = await loadStrategy('market-maker');
const OPENED = madeOpening(ENTRIES, madeSettings(INSTRUMENT));

interface Ran {
  readonly events: readonly TraderEvent[];
  readonly paper: PaperSession;
}

/** How many entries it takes from there on until it has a position. */
function whereItHasPosition(from: number): number {
  const paper = openPaperSession(OPENED, strategy);
  for (const [n, entry] of ENTRIES.entries()) {
    paper.push([entry]);
    if (n >= from && paper.run.simulation.market.positionSteps !== 0) return n + 1;
  }
  throw new Error('it never has a position');
}

/** Pushes everything in parts of random length; what it is told comes behind entries of these numbers. */
function run(opened: SessionOpened, seed: number, told: ReadonlyMap<number, Told> = new Map()): Ran {
  const random = seededRandom(seed);
  const paper = openPaperSession(opened, strategy);
  const events: TraderEvent[] = [...paper.take()];
  for (let at = 0; at < ENTRIES.length; ) {
    const ends = [...told.keys()].filter((n) => n > at);
    const to = Math.min(at + 1 + Math.floor(random() * 40), ...ends, ENTRIES.length);
    paper.push(ENTRIES.slice(at, to));
    const command = told.get(to);
    if (command !== undefined) paper.obey(command);
    events.push(...paper.take());
    at = to;
  }
  return { events, paper };
}

const HALT: Told = { commandId: '1-0', command: 'halt', flattens: false };

const counted = (events: readonly TraderEvent[], type: TraderEvent['type']): number =>
  events.filter((event) => event.type === type).length;

/** By everything but mark prices, which are not in the ledger. */
function foldOf(opened: SessionOpened, events: readonly TraderEvent[]) {
  const state = createLedgerState();
  evolveLedger(state, opened);
  for (const event of events) evolveLedger(state, JSON.parse(JSON.stringify(event)) as TraderEvent);
  return state;
}

test('however the entries are cut into parts, a session says the same', () => {
  const { events } = run(OPENED, 1);
  assert.ok(counted(events, 'orderIntended') > 100, `${counted(events, 'orderIntended')} orders`);
  assert.ok(events.filter((event) => event.type === 'account' && event.event.type === 'fill').length > 20);
  for (const seed of [2, 3, 4]) assert.equal(run(OPENED, seed).events, events);
});

test('the fold of the ledger is the account that the session has, to the last unit', () => {
  const { events, paper } = run(OPENED, 1);
  const ledger = foldOf(OPENED, events);
  const { state } = paper.run.account;
  const found = ledger.account!.state;
  assert.equal(found.books[0]!.both.steps, state.books[0]!.both.steps);
  for (const name of ['walletE8', 'realisedE8', 'feesE8', 'fundingE8', 'liquidationFeesE8'] as const)
    assert.is(found[name], state[name], name);
  const { both } = state.books[0]!;
  for (const name of ['costE8', 'bidSteps', 'bidTickSteps', 'askSteps', 'askTickSteps'] as const)
    assert.is(found.books[0]!.both[name], both[name], name);
  assert.ok(state.feesE8 > 0 && state.realisedE8 !== 0);
  assert.ok(equityE8(state) > 0);
});

test('each order is written before it is sent, once, under a name that is the same whenever it is run again', () => {
  const { events } = run(OPENED, 1);
  const names = events.flatMap((event) => (event.type === 'orderIntended' ? [event.clientOrderId] : []));
  assert.is(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[.A-Z:/a-z0-9_-]{1,36}$/);
  assert.is(clientOrderId('0123456789ab', 999_999_999).length <= 36, true);
  const intended = new Set<number>();
  for (const event of events) {
    if (event.type === 'orderIntended') intended.add(event.order.orderId!);
    if (event.type === 'orderClosed') assert.ok(intended.has(event.orderId));
    if (event.type === 'account' && event.event.type === 'fill' && event.event.orderId !== '0')
      assert.ok(intended.has(Number(event.event.orderId)));
  }
});

test('until it trades it only watches', () => {
  const late = madeOpening(ENTRIES, madeSettings(INSTRUMENT), { tradesFrom: ENTRIES.length / 2 });
  const { events, paper } = run(late, 1);
  const first = events.find((event) => event.type === 'orderIntended')!;
  assert.ok(first.type === 'orderIntended' && first.timeUs >= late.tradesFromUs);
  assert.ok(paper.run.simulation.counts.stopped['warm-up']! > 0);
  assert.is(counted(events, 'orderStopped'), 0, 'no news');
});

test('halted, every order is cancelled, the position closed, and none goes through until it is resumed', () => {
  const halted = whereItHasPosition(150);
  const told = new Map<number, Told>([
    [halted, { commandId: '1-0', command: 'halt', flattens: true }],
    [halted + 200, { commandId: '2-0', command: 'resume', flattens: false }],
  ]);
  const { events } = run(OPENED, 1, told);
  for (const seed of [5, 6]) assert.equal(run(OPENED, seed, told).events, events, 'in whatever parts');
  const at = (id: string) => events.findIndex((event) => event.type === 'commandTaken' && event.commandId === id);
  const during = events.slice(at('1-0') + 1, at('2-0'));
  const sent = during.filter((event) => event.type === 'orderIntended');
  assert.ok(sent.length > 0, 'what closes the position');
  for (const { order } of sent) assert.ok(order.type === 'MARKET' && order.isReduceOnly);
  const stopped = during.filter((event) => event.type === 'orderStopped');
  assert.ok(stopped.length <= 2, 'what is stopped again and again is told once');
  assert.ok(stopped.length > 0 && stopped.every((event) => event.type === 'orderStopped' && event.by === 'halted'));
  const { account } = foldOf(OPENED, events.slice(0, at('2-0')));
  assert.is(account!.state.books[0]!.both.steps, 0);
  assert.is(ordersIn(events.slice(0, at('2-0'))).open.size, 0);
  assert.ok(counted(events.slice(at('2-0')), 'orderIntended') > 10, 'it goes on');
});

test('halted without flattening, the position stays', () => {
  const { events } = run(OPENED, 1, new Map([[whereItHasPosition(150), HALT]]));
  const at = events.findIndex((event) => event.type === 'commandTaken');
  assert.is(counted(events.slice(at), 'orderIntended'), 0);
  const { account } = foldOf(OPENED, events);
  assert.is(ordersIn(events).open.size, 0);
  assert.is.not(account!.state.books[0]!.both.steps, 0);
});

test('one that begins halted sends nothing', () => {
  const { events } = run(madeOpening(ENTRIES, madeSettings(INSTRUMENT), { isHalted: true }), 1);
  assert.is(counted(events, 'orderIntended'), 0);
  assert.ok(counted(events, 'orderStopped') > 0);
});

/** Buys and has a stop behind it, a quote far away that it moves and takes back. */
const PROTECTED = defineStrategy({
  name: 'protected',
  title: '',
  says: '',
  parameters: {},
  events: ['timer'],
  everyMs: () => 500,
  create() {
    let quote = 0;
    return {
      onEvent(_, market) {
        const { bidTicks, askTicks, positionSteps } = market;
        if (!market.isBookValid || Number.isNaN(bidTicks + askTicks)) return;
        if (positionSteps === 0 && market.orders.every(({ orderId }) => orderId === quote))
          market.placeMarket('buy', 20);
        if (positionSteps > 0 && market.conditionalOrders.length === 0)
          market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks: bidTicks - 3, closesPosition: true });
        const resting = market.orders.find(({ orderId, state }) => orderId === quote && state === 'open');
        if (resting === undefined) quote = market.placeLimit('buy', bidTicks - 200, 10);
        else if (resting.qtySteps === 10) market.amend(quote, { qtySteps: 5 });
        else market.cancel(quote);
      },
    };
  },
});

test('conditional orders, changes and cancellations are written too, and what triggers one', () => {
  const paper = openPaperSession(OPENED, { definition: PROTECTED, hash: '0' });
  paper.push(ENTRIES);
  const events = paper.take();
  for (const type of ['conditionalIntended', 'orderTriggered', 'amendIntended', 'cancelIntended'] as const)
    assert.ok(counted(events, type) > 0, type);
  const waiting = new Set<number>();
  for (const event of events) {
    if (event.type === 'conditionalIntended') waiting.add(event.order.orderId!);
    if (event.type === 'orderTriggered') assert.ok(waiting.has(event.order.orderId!));
  }
  const { account } = foldOf(OPENED, events);
  const { open } = ordersIn(events);
  assert.is(account!.state.books[0]!.both.steps, paper.run.account.state.books[0]!.both.steps);
  const { orders, conditionalOrders } = paper.run.simulation.market;
  assert.ok(Math.abs(open.size - orders.length - conditionalOrders.length) <= 2, 'but for what is under way');
});

test('limits stop orders, and are named', () => {
  const limits = { maxPosition: 0.015, maxBookAgeMs: 60_000 };
  const { events, paper } = run(madeOpening(ENTRIES, madeSettings(INSTRUMENT, { limits })), 1);
  const by = events.flatMap((event) => (event.type === 'orderStopped' ? [event.by] : []));
  assert.ok(by.includes('position'));
  const stopped = Object.values(paper.run.simulation.counts.stopped).reduce((sum, count) => sum + count, 0);
  assert.ok(by.length < stopped, `${by.length} of ${stopped}`);
  const state = createLedgerState();
  evolveLedger(state, OPENED);
  for (const event of events) {
    evolveLedger(state, event);
    assert.ok(Math.abs(state.account!.state.books[0]!.both.steps) <= 15);
  }
});

test.run();
