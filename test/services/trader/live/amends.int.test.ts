// time limit: 480 s

import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FaultRequest } from '../../../../services/venue/faults/rules.ts';
import { amendsOf, beyond, type LiveRig, withLiveRig } from './live-rig.ts';
import { settle } from './settle.ts';

const test = suite('services/trader/live/amends');

const AMEND_QUOTES = fileURLToPath(new URL('amend-quotes.ts', import.meta.url));
const PUT = { kind: 'rest', path: '/fapi/v1/order', method: 'PUT' } as const;

async function amending(rig: LiveRig): Promise<void> {
  await rig.begin();
  await rig.start({ strategy: AMEND_QUOTES, parameters: {} });
  await amendsOn(rig, 10);
}

async function amendsOn(rig: LiveRig, more: number): Promise<void> {
  const { length } = (await amendsOf(rig)).reported;
  await rig.until('it amends', async () => (await amendsOf(rig)).reported.length >= length + more);
}

/** Changes of one order in their order; what is said of two comes by two connections. */
function byOrder(changes: readonly string[]): string[] {
  const nameOf = (change: string) => change.split(' ', 1)[0]!;
  return [...changes].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

test('orders are amended, filled and cancelled, and each change of the exchange is told once', () =>
  withLiveRig(async (rig) => {
    await amending(rig);
    await rig.until('it trades', ({ fills }) => fills > 20);
    await amendsOn(rig, 40);
    const refused = async () =>
      (await rig.events()).flatMap((event) =>
        event.type === 'orderReported' && event.fact.type === 'amendFailed' ? event.fact.code : [],
      );
    await rig.until('one that changes nothing is refused', async () => (await refused()).includes(-5027));
    await settle(rig);
    const { atExchange, reported } = await amendsOf(rig);
    assert.ok(atExchange.length >= 10);
    assert.equal(byOrder(reported), byOrder(atExchange));
  }));

test('an amend whose answer is lost is asked for, never sent again', () =>
  withLiveRig(async (rig) => {
    await amending(rig);
    const faults: FaultRequest[] = [
      { ...PUT, answer: '503-unknown', executes: true, count: 2 },
      { ...PUT, answer: '503-unknown', count: 2 },
      { ...PUT, answer: 'reset', executes: true, count: 2 },
      { ...PUT, answer: 'truncated', executes: true, count: 2 },
      { kind: 'drop', stream: 'userData@ORDER_TRADE_UPDATE', probability: 0.3 },
    ];
    const added = faults.map((fault) => rig.venue.addFault(fault).id);
    const isMet = () => {
      const left = rig.venue.state().faults.filter(({ id, touched }) => added.includes(id) && touched < 2);
      return left.length === 0;
    };
    await rig.until('each was met', isMet);
    await amendsOn(rig, 5);
    await settle(rig);
    const { atExchange, intended } = await amendsOf(rig);
    assert.equal(beyond(atExchange, intended), []);
  }));

test.run();
