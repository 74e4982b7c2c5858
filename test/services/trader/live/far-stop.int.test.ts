// time limit: 480 s

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaultRequest } from '../../../../services/venue/faults/rules.ts';
import { SYMBOL } from '../../recorder/rig.ts';
import { answered } from '../../venue/private/trader.ts';
import { type BeginOptions, type LiveRig, withLiveRig } from './live-rig.ts';
import { settle } from './settle.ts';

const test = suite('services/trader/live/far-stop');

const FAR_STOP = fileURLToPath(new URL('far-stop.ts', import.meta.url));
/** The algo service cannot be reached. */
const DOWN: FaultRequest[] = [
  { kind: 'rest', path: '/fapi/v1/algo*', answer: '503', count: 1_000_000 },
  { kind: 'rest', path: '/fapi/v1/openAlgoOrders', answer: '503', count: 1_000_000 },
];

/** Not so often that the exchange wants a rest. */
const POLL_MS = 200;

async function waiting({ rest }: LiveRig): Promise<number> {
  await sleep(POLL_MS);
  return (await answered(rest.getOpenAlgoOrders({ symbol: SYMBOL }))).length;
}

async function open({ rest }: LiveRig): Promise<number> {
  await sleep(POLL_MS);
  return (await answered(rest.getAllOpenOrders({ symbol: SYMBOL }))).length;
}

async function isFlat({ rest }: LiveRig): Promise<boolean> {
  await sleep(POLL_MS);
  const [position] = await answered(rest.getPositionsV3({ symbol: SYMBOL }));
  return Number(position?.positionAmt ?? 0) === 0;
}

async function begin(rig: LiveRig, options: BeginOptions = {}) {
  const trader = await rig.begin(options);
  await rig.start({ strategy: FAR_STOP, parameters: {} });
  return trader;
}

test('while it cannot be asked what became of orders no more are sent', () =>
  withLiveRig(async (rig) => {
    await begin(rig);
    await rig.until('one waits', async () => (await waiting(rig)) > 0);
    for (const fault of DOWN) rig.venue.addFault(fault);
    const hasSaid = async (words: RegExp) =>
      (await rig.events()).some((event) => event.type === 'tradingPaused' && words.test(event.reason));
    await rig.until('it pauses', () => hasSaid(/has not said what became of orders/));
    rig.venue.clearFaults();
    await rig.until('it goes on', async () => {
      const events = await rig.events();
      const last = (type: string) => events.findLastIndex((event) => event.type === type);
      return last('tradingResumed') > last('tradingPaused');
    });
    await settle(rig);
  }));

test('a halt closes the position though nothing is known of a stop', () =>
  withLiveRig(async (rig) => {
    await begin(rig);
    await rig.until('one waits', async () => (await waiting(rig)) > 0);
    for (const fault of DOWN) rig.venue.addFault(fault);
    rig.venue.addFault({ kind: 'rest', path: '/fapi/v1/order', method: 'POST', answer: '503' });
    const before = (await rig.ledger()).intended;
    await rig.tell({ type: 'halt', flattens: true, reason: 'enough' });
    await rig.until('it is flat', () => isFlat(rig));
    const tries = (await rig.ledger()).intended - before;
    assert.ok(tries === 2, `the first is turned away, the second closes it, but there were ${tries}`);
    await settle(rig);
  }));

test('a trader that ends while a stop is on its way leaves none behind', () =>
  withLiveRig(async (rig) => {
    const slow: FaultRequest = {
      kind: 'rest',
      path: '/fapi/v1/algoOrder',
      method: 'POST',
      answer: 'delay',
      delayMs: 1_000,
    };
    const { id } = rig.venue.addFault(slow);
    const trader = await begin(rig);
    const isSent = () => rig.venue.state().faults.some((fault) => fault.id === id && fault.touched > 0);
    await rig.until('it is on its way', isSent);
    await trader.stop();
    await sleep(1_500);
    assert.is(await waiting(rig), 0);
    await rig.begin();
    await rig.until('one waits', async () => (await waiting(rig)) > 0);
    await settle(rig);
  }));

test('started again while halted it cancels what it can, though nothing is known of a stop', () =>
  withLiveRig(async (rig) => {
    const trader = await begin(rig);
    await rig.until('both wait', async () => (await waiting(rig)) > 0 && (await open(rig)) > 0);
    rig.venue.addFault({ kind: 'rest', path: '*', method: 'DELETE', answer: '503', count: 1_000_000 });
    await rig.tell({ type: 'halt', flattens: false, reason: 'enough' });
    const isTold = async () => (await rig.events()).some(({ type }) => type === 'cancelIntended');
    await rig.until('it is told', isTold);
    await trader.stop();
    assert.is(await open(rig), 1);
    rig.venue.clearFaults();
    for (const fault of DOWN) rig.venue.addFault(fault);
    await rig.begin();
    await rig.until('none is open', async () => (await open(rig)) === 0);
    await settle(rig);
  }));

test('a stopped session whose orders cannot be cancelled is closed as it is, and says what is left', () =>
  withLiveRig(async (rig) => {
    await begin(rig, { closeWaitMs: 500 });
    await rig.until('both wait', async () => (await waiting(rig)) > 0 && (await open(rig)) > 0);
    rig.venue.addFault({ kind: 'rest', path: '*', method: 'DELETE', answer: '503', count: 1_000_000 });
    await rig.tell({ type: 'stop', flattens: false });
    await rig.until('it is closed', ({ session }) => session === null);
    const { reason } = (await rig.ledger()).closed!;
    assert.is(reason, 'stopped; 2 orders had not ended by then; a position of 0.05 is left');
    assert.equal([await open(rig), await waiting(rig)], [1, 1]);
  }));

test('a session that cannot be run again leaves none of what its trader had sent', () =>
  withLiveRig(async (rig) => {
    const trader = await begin(rig);
    await rig.until('one waits', async () => (await waiting(rig)) > 0);
    rig.venue.addFault({ kind: 'rest', path: '/fapi/v1/algoOpenOrders', method: 'DELETE', answer: '503-unknown' });
    await trader.stop();
    assert.is(await waiting(rig), 0, 'tried again');
    // As one of a trader that was killed.
    const stop = { algoType: 'CONDITIONAL', symbol: SYMBOL, side: 'SELL', type: 'STOP_MARKET' } as const;
    const triggerPrice = '40000';
    await answered(rig.rest.submitNewAlgoOrder({ ...stop, quantity: '0.01', triggerPrice }));
    process.env['FAR_STOP_FAILS'] = 'yes';
    try {
      const again = await rig.begin();
      await rig.until('it fails', () => again.status().state === 'failed');
      assert.is(await waiting(rig), 0);
    } finally {
      delete process.env['FAR_STOP_FAILS'];
    }
  }));

test.run();
