import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OrderRequest } from '../../../../operators/matching/order.ts';
import type { Exchange, Outcome } from '../../../../services/trader/live/exchange.ts';
import { answer, deskAt, LOST, orderBody, REQUEST } from './fake-exchange.ts';

const to = (priceTicks: number, qtySteps = 10) => ({ orderId: 1, priceTicks, qtySteps });

/** A desk with one order that has been accepted. */
async function withOrder(requests: Partial<Exchange>, request: OrderRequest = REQUEST) {
  const rig = deskAt(requests);
  rig.orders.add(request, 'don-a-1');
  await rig.report(1, [{ type: 'accepted', timeMs: 1, exchangeId: '7' }]);
  const amend = (priceTicks: number, qtySteps?: number) => {
    rig.orders.addAmend(to(priceTicks, qtySteps));
    return desk.amend(to(priceTicks, qtySteps));
  };
  const desk = rig.open();
  return { ...rig, desk, amend, puts: () => rig.asked.filter((line) => line.startsWith('amend')).length };
}

test('an amend whose answer is lost is known by what the order is, and sent once', async () => {
  const { amend, facts, puts } = await withOrder({
    amend: async () => LOST,
    order: async () => answer(orderBody('101.0', '0.012', 5)),
  });
  await amend(1_010, 12);
  assert.equal(facts().slice(1), [{ type: 'amended', timeMs: 5, priceTicks: 1_010, qtySteps: 12 }]);
  assert.is(puts(), 1);
});

test('one that never arrived is given up when it can arrive no more, and the order stays as it was', async () => {
  const beganMs = Date.now();
  const { amend, facts, orders, puts } = await withOrder({
    amend: async () => LOST,
    order: async () => answer(orderBody('100.0', '0.010', 1)),
  });
  await amend(1_010);
  assert.ok(Date.now() - beganMs > 1_000, 'not before the clocks may differ');
  assert.equal(facts().slice(1), [{ type: 'amendFailed', timeMs: 0, priceTicks: 1_010, qtySteps: 10, code: 0 }]);
  assert.equal([orders.open.get(1)!.priceTicks, orders.open.get(1)!.amends, puts()], [1_000, [], 1]);
});

test('a refused amend is told with its code; the order that it was for is asked for where it is gone', async () => {
  let code = -5027;
  const { amend, facts } = await withOrder({
    amend: async (): Promise<Outcome> => ({ type: 'refused', code, message: '' }),
    order: async () => answer(orderBody('100.0', '0.010', 9, { status: 'CANCELED' })),
  });
  await amend(1_000);
  code = -2013;
  await amend(1_020);
  assert.equal(
    facts()
      .slice(1)
      .map((fact) => ('code' in fact ? `${fact.type} ${fact.code}` : fact.type)),
    ['amendFailed -5027', 'amendFailed -2013', 'ended 0'],
  );
});

test('of those that wait for one under way only the last is sent', async () => {
  const answers: ((outcome: Outcome) => void)[] = [];
  const { amend, facts, puts } = await withOrder({ amend: () => new Promise((done) => answers.push(done)) });
  const all = [amend(1_010), amend(1_020), amend(1_030)];
  await sleep(1);
  assert.is(puts(), 1);
  answers[0]!(answer(orderBody('101.0', '0.010', 5)));
  await sleep(1);
  assert.is(puts(), 2);
  answers[1]!(answer(orderBody('103.0', '0.010', 6)));
  await Promise.all(all);
  const told = facts().slice(1);
  assert.equal(
    told.map((fact) => ('priceTicks' in fact ? `${fact.type} ${fact.priceTicks}` : '')),
    ['amendFailed 1020', 'amended 1010', 'amended 1030'],
  );
});

test('a word that is older than what is known of an order does not change it back', async () => {
  const { report, facts } = await withOrder({});
  await report(1, [{ type: 'amended', timeMs: 8, priceTicks: 1_010, qtySteps: 10 }]);
  await report(1, [{ type: 'amended', timeMs: 7, priceTicks: 1_000, qtySteps: 10 }]);
  assert.is(facts().at(-1)!.timeMs, 8);
});

test('an order that is made smaller is over once that much is filled of it, or was', async () => {
  const { report, orders } = await withOrder({});
  const fill = { type: 'filled', timeMs: 3, priceTicks: 1_000, qtySteps: 4, feeE8: 0, isMaker: true } as const;
  await report(1, [{ ...fill, tradeId: '1' }]);
  await report(1, [{ type: 'amended', timeMs: 4, priceTicks: 1_000, qtySteps: 6 }]);
  assert.is(orders.size, 1);
  await report(1, [{ ...fill, tradeId: '2', qtySteps: 2 }]);
  assert.is(orders.size, 0);
  const late = await withOrder({});
  await late.report(1, [{ ...fill, tradeId: '1' }]);
  await late.report(1, [{ type: 'amended', timeMs: 4, priceTicks: 1_000, qtySteps: 4 }]);
  assert.is(late.orders.size, 0);
});

test('what a trader that is gone may have sent is settled before another is, and not sent', async () => {
  let asks = 0;
  // It arrives late.
  const price = () => (asks++ < 2 ? '100.0' : '102.0');
  const rig = deskAt({ order: async () => answer(orderBody(price(), '0.010', 5)) });
  rig.orders.add(REQUEST, 'don-a-1');
  await rig.report(1, [{ type: 'accepted', timeMs: 1, exchangeId: '7' }]);
  for (const priceTicks of [1_010, 1_020]) rig.orders.addAmend(to(priceTicks));
  await rig.open().resolve(1);
  const told = rig.facts().slice(1);
  assert.equal(
    told.map((fact) => ('priceTicks' in fact ? `${fact.type} ${fact.priceTicks}` : '')),
    ['amended 1020', 'amendFailed 1010'],
  );
  assert.not.ok(rig.asked.some((line) => line.startsWith('amend')));
});

test.run();
