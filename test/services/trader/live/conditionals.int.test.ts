// time limit: 480 s

import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaultRequest } from '../../../../services/venue/faults/rules.ts';
import { until } from '../../../support/until.ts';
import { SYMBOL } from '../../recorder/rig.ts';
import { answered } from '../../venue/private/trader.ts';
import { type LiveRig, withLiveRig } from './live-rig.ts';
import { settle } from './settle.ts';

const test = suite('services/trader/live/conditionals');

const STOP_GUARDED = fileURLToPath(new URL('stop-guarded.ts', import.meta.url));
const POST = { kind: 'rest', path: '/fapi/v1/algoOrder', method: 'POST' } as const;
const DELETE = { ...POST, method: 'DELETE' } as const;
const QUERY = { ...POST, method: 'GET' } as const;

async function guarding(rig: LiveRig): Promise<void> {
  await rig.begin();
  await rig.start({ strategy: STOP_GUARDED, parameters: {} });
  await triggersOn(rig, 1);
}

const triggers = async (rig: LiveRig): Promise<number> =>
  (await rig.events()).filter(({ type }) => type === 'orderTriggered').length;

async function triggersOn(rig: LiveRig, more: number): Promise<void> {
  const before = await triggers(rig);
  await rig.until('it is triggered', async () => (await triggers(rig)) >= before + more);
}

test('conditional orders of each kind are triggered, cancelled, refused and expire, and the account is the exchange’s', () =>
  withLiveRig(async (rig) => {
    await guarding(rig);
    await triggersOn(rig, 10);
    const ends = async () =>
      (await rig.events()).flatMap((event) => (event.type === 'orderClosed' ? [`${event.end} ${event.code}`] : []));
    for (const end of ['REJECTED -2021', 'CANCELED 0', 'EXPIRED 0'])
      await rig.until(`one is ${end}`, async () => (await ends()).includes(end));
    // What it may not send while it is paused is of no kind.
    const kinds = async () =>
      (await rig.events()).flatMap((event) => (event.type === 'conditionalIntended' ? [event.order.type] : []));
    await rig.until('there are four kinds', async () => new Set(await kinds()).size >= 4);
    await settle(rig);
  }));

test('a conditional order whose answers and events are lost is asked for, never sent again', () =>
  withLiveRig(async (rig) => {
    await guarding(rig);
    const faults: FaultRequest[] = [
      { ...POST, answer: '503-unknown', executes: true, count: 2 },
      { ...POST, answer: '503-unknown', count: 2 },
      { ...POST, answer: 'reset', executes: true, count: 2 },
      { ...POST, answer: 'truncated', executes: true, count: 2 },
      { ...DELETE, answer: '503-unknown', executes: true, count: 2 },
      { ...QUERY, answer: '503', count: 2 },
      { kind: 'drop', stream: 'userData@ALGO_UPDATE', probability: 0.5 },
      { kind: 'drop', stream: 'userData@ORDER_TRADE_UPDATE', probability: 0.3 },
      { kind: 'duplicate', stream: 'userData@ALGO_UPDATE', probability: 0.3 },
    ];
    const added = faults.map((fault) => rig.venue.addFault(fault).id);
    const isMet = () => {
      const left = rig.venue.state().faults.filter(({ id, touched }) => added.includes(id) && touched < 2);
      return left.length === 0;
    };
    await rig.until('each was met', isMet);
    await triggersOn(rig, 2);
    await settle(rig);
  }));

test('halted, it cancels conditional orders too; a trader that ends cancels them; none begins where one is open', () =>
  withLiveRig(async (rig) => {
    const waiting = async () => (await answered(rig.rest.getOpenAlgoOrders({ symbol: SYMBOL }))).length;
    const trader = await rig.begin();
    await rig.start({ strategy: STOP_GUARDED, parameters: {} });
    await rig.until('one waits', async () => (await waiting()) > 0);
    await rig.tell({ type: 'halt', flattens: true, reason: 'enough' });
    await rig.until('none waits', async () => (await waiting()) === 0);
    await rig.until('it is flat', ({ account, open }) => account!.state.books[0]!.both.steps === 0 && open.size === 0);
    await rig.tell({ type: 'resume' });
    await rig.until('one waits again', async () => (await waiting()) > 0);
    await trader.stop();
    assert.is(await waiting(), 0);
    const again = await rig.begin();
    await triggersOn(rig, 1);
    await settle(rig);
    const { bids } = await answered(rig.rest.getOrderBook({ symbol: SYMBOL, limit: 5 }));
    const triggerPrice = String(Math.round(Number(bids[0]![0]) - 500));
    const stop = {
      algoType: 'CONDITIONAL',
      symbol: SYMBOL,
      side: 'SELL',
      type: 'STOP_MARKET',
      quantity: '0.01',
    } as const;
    await answered(rig.rest.submitNewAlgoOrder({ ...stop, triggerPrice }));
    await rig.start();
    await until('it is refused', () =>
      /open conditional orders: expected none in BTCUSDT, found 1/.test(again.status().reason ?? ''),
    );
  }));

test.run();
