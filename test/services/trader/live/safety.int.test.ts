// time limit: 480 s

import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LedgerState } from '../../../../operators/ledger/ledger.ts';
import type { TraderEvent } from '../../../../operators/ledger/ledger-event.ts';
import { ledgerKey } from '../../../../streams/keys.ts';
import { until } from '../../../support/until.ts';
import { SYMBOL } from '../../recorder/rig.ts';
import { answered } from '../../venue/private/trader.ts';
import { ledgerOf } from '../trading-log.ts';
import { beyond, bothAccounts, idsAtExchange, withLiveRig } from './live-rig.ts';

const test = suite('services/trader/live/safety');

const MARKET = { symbol: SYMBOL, type: 'MARKET', quantity: 0.01 } as const;

const hasPosition = (account: LedgerState['account']): boolean => (account?.state.books[0]?.both.steps ?? 0) !== 0;

test('a live session needs its two confirmations, and an exchange account that has nothing else', () =>
  withLiveRig(async (rig) => {
    const off = await rig.begin({ isOn: false });
    const reason = async (trader: typeof off, words: RegExp) => {
      await until(`it says ${words}`, () => words.test(trader.status().reason ?? ''));
      assert.is(trader.status().state, 'failed');
    };
    await rig.start({}, rig.account);
    await reason(off, /DON_LIVE: expected yes-with-real-money/);
    await off.stop();
    const on = await rig.begin();
    await rig.start({}, 'another');
    await reason(on, new RegExp(`confirm: expected the account’s name ${rig.account}, found another`));
    await answered(rig.rest.submitNewOrder({ ...MARKET, side: 'BUY', newClientOrderId: 'mine' }));
    await rig.start();
    await reason(on, /position: expected none in BTCUSDT, found 0.010/);
    await answered(rig.rest.submitNewOrder({ ...MARKET, side: 'SELL', newClientOrderId: 'flat' }));
    const { bids } = await answered(rig.rest.getOrderBook({ symbol: SYMBOL, limit: 5 }));
    const far = { symbol: SYMBOL, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01 } as const;
    const price = Math.round(Number(bids[0]![0]) - 500);
    await answered(rig.rest.submitNewOrder({ ...far, price, newClientOrderId: 'far' }));
    await rig.start();
    await reason(on, /open orders: expected none in BTCUSDT, found 1/);
    assert.equal((await idsAtExchange(rig)).sort(), ['far', 'flat', 'mine'], 'Don has sent nothing');
    assert.ok((await rig.events()).every(({ type }) => type === 'startRefused'));
    await on.stop();
    const later = await rig.begin();
    await until('it is there', () => later.status().state === 'stopped');
    await sleep(1_000);
    assert.is(later.status().state, 'stopped', 'what was refused does not begin by itself');
    assert.ok((await rig.events()).every(({ type }) => type === 'startRefused'));
  }));

test('a start that the exchange does not answer in time is tried again', () =>
  withLiveRig(async (rig) => {
    const path = '/fapi/v1/positionSide/dual';
    const silent = rig.venue.addFault({ kind: 'rest', path, answer: 'reset', count: 2 });
    await rig.begin();
    await rig.start();
    await rig.until('it trades', ({ intended }) => intended > 2);
    assert.is(rig.venue.state().faults.find(({ id }) => id === silent.id)?.touched, 2);
    assert.not.ok((await rig.events()).some(({ type }) => type === 'startRefused'));
  }));

test('halted with the user data stream down it cancels all and closes the position, and stays halted', () =>
  withLiveRig(async (rig) => {
    const trader = await rig.begin();
    await rig.start();
    await rig.until('it has a position', ({ account }) => hasPosition(account));
    rig.venue.addFault({ kind: 'refuse', path: 'private', how: '503' });
    rig.venue.addFault({ kind: 'cut', path: 'private' });
    await rig.until('it pauses', async () =>
      (await rig.events()).some((event) => event.type === 'tradingPaused' && /stream is lost/.test(event.reason)),
    );
    await rig.tell({ type: 'halt', flattens: true, reason: 'enough' });
    await until('nothing is left at the exchange', async () => {
      const [position] = await answered(rig.rest.getPositionsV3({ symbol: SYMBOL }));
      const orders = await answered(rig.rest.getAllOpenOrders({ symbol: SYMBOL }));
      return Number(position?.positionAmt ?? 0) === 0 && orders.length === 0;
    });
    await rig.until(
      'the ledger knows',
      ({ account, open }) => account!.state.books[0]!.both.steps === 0 && open.size === 0,
    );
    const { ledger, exchange } = await bothAccounts(rig, await rig.ledger());
    assert.equal(ledger, exchange);
    await trader.stop();
    rig.venue.clearFaults();
    const again = await rig.begin();
    await until('it is halted again', () => again.status().state === 'halted');
    const { intended } = await rig.ledger();
    await sleep(1_000);
    assert.is((await rig.ledger()).intended, intended, 'no order passes');
    await rig.tell({ type: 'resume' });
    await rig.until('it trades again', (state) => state.intended > intended);
  }));

test('while the ledger cannot be written nothing is sent', () =>
  withLiveRig(async (rig) => {
    let [isToBreak, isBroken] = [false, false];
    const { redis, account } = rig;
    const breakable: Redis = Object.create(redis, {
      eval: {
        // It breaks with an order.
        value(...args: Parameters<Redis['eval']>) {
          const isOfLedger = args.includes(ledgerKey(account));
          if (isToBreak && args.some((text) => String(text).includes('orderIntended'))) isBroken = true;
          return isBroken && isOfLedger ? Promise.reject(new Error('Connection is closed.')) : redis.eval(...args);
        },
      },
    });
    const trader = await rig.begin({ redis: breakable });
    await rig.start();
    await rig.until('it trades', ({ intended }) => intended > 5);
    isToBreak = true;
    await until('it says so', () => /the ledger cannot be written/.test(trader.status().reason ?? ''));
    await sleep(2_500);
    const written = (await rig.events()).flatMap((event) => ('clientOrderId' in event ? [event.clientOrderId] : []));
    assert.equal(beyond(await idsAtExchange(rig), written), [], 'but for what was written before');
    [isToBreak, isBroken] = [false, false];
    const { intended } = await rig.ledger();
    await rig.until('it goes on', (state) => state.intended > intended + 3);
    const isLate = (event: TraderEvent) => event.type === 'orderClosed' && event.code === -2013;
    await rig.until('what was decided before ends', async () => (await rig.events()).some(isLate));
    const events = await rig.events();
    const late = events.flatMap((event) => (event.type === 'orderClosed' && isLate(event) ? event.orderId : []));
    const names = events.flatMap((event) =>
      event.type === 'orderIntended' && late.includes(event.order.orderId!) ? event.clientOrderId : [],
    );
    const sent = await idsAtExchange(rig);
    assert.not.ok(names.some((name) => sent.includes(name)));
  }));

test('a second trader waits while another has the exchange account', () =>
  withLiveRig(async (rig) => {
    const first = await rig.begin();
    await rig.start();
    await rig.until('it trades', ({ intended }) => intended > 2);
    const second = await rig.begin();
    await until('it waits', () => /another trader has the exchange account/.test(second.status().reason ?? ''));
    await first.stop();
    const { intended } = await rig.ledger();
    await rig.until('it takes over', (state) => state.intended > intended + 2);
    await until('it says so', () => second.status().session?.mode === 'live');
  }));

test('keys are in no ledger, log, status or error', () =>
  withLiveRig(async (rig) => {
    const wrong = 'ab'.repeat(32);
    const refused = await rig.begin({ secret: wrong });
    await rig.start();
    await until('it is refused', () => /-1022/.test(refused.status().reason ?? ''));
    const said = [JSON.stringify(refused.status())];
    await refused.stop();
    const trader = await rig.begin();
    await rig.start();
    await rig.until('it trades', ({ intended }) => intended > 2);
    rig.venue.addFault({ kind: 'rest', path: '/fapi/v1/order', method: 'POST', answer: 'reset', count: 2 });
    rig.venue.addFault({ kind: 'rest', path: '/fapi/v1/order', method: 'GET', answer: 'html', count: 2 });
    const { intended } = await rig.ledger();
    await rig.until('it goes on', (state) => state.intended > intended + 3);
    said.push(JSON.stringify(trader.status()), ...rig.lines);
    for (const { text } of await ledgerOf(rig.redis, rig.account)) said.push(text);
    for (const key of await rig.redis.keys('don:live-lease:*')) said.push(key, (await rig.redis.get(key)) ?? '');
    const { apiKey, secret } = rig.venue.credentials('demo');
    for (const text of said)
      for (const key of [apiKey, secret, wrong]) assert.not.ok(text.includes(key), text.replaceAll(key, '<key>'));
    assert.ok(said.length > 20);
  }));

test.run();
