// time limit: 480 s

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaultRequest } from '../../../../services/venue/faults/rules.ts';
import { type LiveRig, withLiveRig } from './live-rig.ts';
import { settle } from './settle.ts';

const test = suite('services/trader/live/faults');

const POST = { kind: 'rest', path: '/fapi/v1/order', method: 'POST' } as const;
const DELETE = { ...POST, method: 'DELETE' } as const;
const QUERY = { ...POST, method: 'GET' } as const;

async function trading(rig: LiveRig): Promise<void> {
  await rig.begin();
  await rig.start();
  await rig.until('it trades', ({ intended }) => intended > 5);
}

/** It goes on placing orders, the faults notwithstanding. */
async function goesOn(rig: LiveRig, orders = 8): Promise<void> {
  const { intended } = await rig.ledger();
  await rig.until('it goes on', (state) => state.intended > intended + orders);
}

test('an order whose answer is lost is asked for, never sent again', () =>
  withLiveRig(async (rig) => {
    await trading(rig);
    const faults: FaultRequest[] = [
      { ...POST, answer: '503-unknown', executes: true, count: 2 },
      { ...POST, answer: '408', executes: true, count: 2 },
      { ...POST, answer: 'reset', executes: true, count: 2 },
      { ...POST, answer: 'truncated', executes: true, count: 2 },
      { ...DELETE, answer: '503-unknown', executes: true, count: 2 },
      { ...DELETE, answer: 'reset', count: 2 },
      { ...QUERY, answer: '503', count: 2 },
    ];
    const added = faults.map((fault) => rig.venue.addFault(fault).id);
    await rig.until('each was met', () => {
      const left = rig.venue.state().faults.filter(({ id, touched }) => added.includes(id) && touched < 2);
      return left.length === 0;
    });
    await goesOn(rig);
    await settle(rig);
  }));

test('an order that never reached the exchange is open until its window has run out, and ends then', () =>
  withLiveRig(async (rig) => {
    await trading(rig);
    rig.venue.addFault({ ...POST, answer: '503-unknown', count: 1 });
    const isLost = (event: { readonly type: string; readonly code?: number }) =>
      event.type === 'orderClosed' && event.code === -2013;
    await rig.until('it is given up', async () => (await rig.events()).some(isLost));
    const events = await rig.events();
    const ended = events.find((event) => event.type === 'orderClosed' && event.code === -2013);
    assert.ok(ended?.type === 'orderClosed' && ended.end === 'REJECTED');
    await goesOn(rig);
    await settle(rig);
  }));

test('with the user data stream lost no order is sent, until it is back and all is asked for', () =>
  withLiveRig(async (rig) => {
    await trading(rig);
    const refusal = rig.venue.addFault({ kind: 'refuse', path: 'private', how: '503', count: 3 });
    rig.venue.addFault({ kind: 'cut', path: 'private' });
    /** From where the stream was lost to where it went on; the ledger has each order before it is sent. */
    const whileLost = async () => {
      const events = await rig.events();
      const from = events.findIndex((event) => event.type === 'tradingPaused' && /stream is lost/.test(event.reason));
      const to = events.findIndex(({ type }, at) => from >= 0 && at > from && type === 'tradingResumed');
      return to < 0 ? undefined : events.slice(from, to);
    };
    await rig.until('it pauses, and goes on', async () => (await whileLost()) !== undefined);
    const { touched } = rig.venue.state().faults.find(({ id }) => id === refusal.id)!;
    assert.is(touched, 3, 'not before the stream is back');
    await goesOn(rig);
    assert.not.ok((await whileLost())!.some(({ type }) => type === 'orderIntended'));
    await settle(rig);
  }));

test('events of the user data stream that are dropped, doubled or late change nothing of the account', () =>
  withLiveRig(async (rig) => {
    await trading(rig);
    const stream = 'userData@ORDER_TRADE_UPDATE';
    rig.venue.addFault({ kind: 'drop', stream, probability: 0.2 });
    rig.venue.addFault({ kind: 'duplicate', stream, probability: 0.3 });
    rig.venue.addFault({ kind: 'delay', stream, delayMs: 300, probability: 0.3 });
    await goesOn(rig, 20);
    await settle(rig);
  }));

test.run();
