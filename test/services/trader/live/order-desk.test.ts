import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { OrderRequest } from '../../../../operators/matching/order.ts';
import type { Outcome } from '../../../../services/trader/live/exchange.ts';
import { answer, deskAt, LOST, NO_SUCH, orderBody, REQUEST } from './fake-exchange.ts';

/** The clocks may differ by a second: an order that is not known later than that never came. */
const LONG_AGO_MS = 1_100;
const PLACED = answer(orderBody('100.0', '0.010', 1));

test('an order that the ledger is still taking is not given up before it is sent', async () => {
  const { orders, open, facts, asked } = deskAt({
    place: async () => PLACED,
    order: async () => NO_SUCH,
    cancel: async () => NO_SUCH,
  });
  const desk = open();
  await sleep(LONG_AGO_MS);
  orders.add(REQUEST, 'don-a-1');
  await Promise.all([desk.resolve(1), desk.cancel(1)]);
  assert.equal([facts(), asked], [[], []]);
  await desk.place(REQUEST, 'don-a-1');
  assert.equal(
    facts().map(({ type }) => type),
    ['accepted'],
  );
});

test('one that is not sent after all ends, and nobody is asked for it', async () => {
  const { orders, open, facts, asked } = deskAt({});
  const desk = open();
  orders.add(REQUEST, 'don-a-1');
  await desk.drop(1);
  await desk.cancel(1);
  assert.equal([facts(), asked], [[{ type: 'ended', timeMs: 0, end: 'REJECTED', code: -2013 }], []]);
});

test('no change of an order is sent once it is to be cancelled', async () => {
  const answers: ((outcome: Outcome) => void)[] = [];
  const { orders, open, facts, asked } = deskAt({
    place: async () => PLACED,
    amend: () => new Promise((done) => answers.push(done)),
    cancel: async () => {
      await sleep(20);
      return answer(orderBody('100.0', '0.010', 9, { status: 'CANCELED' }));
    },
  });
  const desk = open();
  orders.add(REQUEST, 'don-a-1');
  await desk.place(REQUEST, 'don-a-1');
  const changes = [1_010, 1_020].map((priceTicks) => ({ orderId: 1, priceTicks, qtySteps: 10 }));
  for (const change of changes) orders.addAmend(change);
  const work = changes.map(desk.amend);
  await sleep(1);
  orders.addAmend({ orderId: 1, priceTicks: 1_030, qtySteps: 10 });
  const cancelled = desk.cancel(1);
  work.push(desk.amend({ orderId: 1, priceTicks: 1_030, qtySteps: 10 }));
  answers[0]!({ type: 'refused', code: -1008, message: '' });
  await Promise.all([...work, cancelled]);
  assert.equal(
    asked.map((line) => line.split(' ')[0]),
    ['place', 'amend', 'cancel'],
  );
  assert.is(facts().at(-1)!.type, 'ended');
});

test('a change that has waited too long for its order to come is not sent', async () => {
  const { orders, open, facts, asked } = deskAt({
    place: async () => LOST,
    order: async () => (Date.now() - beganMs < 2_200 ? LOST : PLACED),
    amend: async () => answer(orderBody('101.0', '0.010', 2)),
  });
  const desk = open();
  const beganMs = Date.now();
  const change = { orderId: 1, priceTicks: 1_010, qtySteps: 10 };
  orders.add(REQUEST, 'don-a-1');
  orders.addAmend(change);
  await Promise.all([desk.place(REQUEST, 'don-a-1'), desk.amend(change)]);
  assert.equal(facts().at(-1), { type: 'amendFailed', timeMs: 0, priceTicks: 1_010, qtySteps: 10, code: 0 });
  assert.not.ok(asked.some((line) => line.startsWith('amend')));
});

test('what is under way can be waited for', async () => {
  let place: (outcome: Outcome) => void = () => {};
  const { orders, open } = deskAt({ place: () => new Promise((done) => (place = done)) });
  const desk = open();
  orders.add(REQUEST, 'don-a-1');
  void desk.place(REQUEST, 'don-a-1');
  await sleep(1);
  let isOver = false;
  const over = desk.allSent().then(() => (isOver = true));
  await sleep(5);
  assert.is(isOver, false);
  place(PLACED);
  await over;
});

test('a market order that the exchange has made as small as the position ends once that is filled', async () => {
  const trade = { id: 5, orderId: 7, price: '100.0', qty: '0.006', commission: '0', commissionAsset: 'USDT' };
  const { orders, open, facts } = deskAt({
    place: async () => LOST,
    order: async () => answer(orderBody('0', '0.006', 2, { status: 'FILLED', executedQty: '0.006' })),
    trades: async () => answer([{ ...trade, time: 2, maker: false }]),
  });
  const request: OrderRequest = { ...REQUEST, type: 'MARKET', priceTicks: Number.NaN, isReduceOnly: true };
  orders.add(request, 'don-a-1');
  await open().place(request, 'don-a-1');
  assert.equal(
    facts().map(({ type }) => type),
    ['accepted', 'filled', 'ended'],
  );
  assert.is(orders.size, 0);
});

test('an exchange that does not answer is asked less and less often: many orders must not use up its limits', async () => {
  /** Twice as long each time, jittered down by up to half. */
  const mostMs = [250, 500, 1_000, 2_000, 2_000];
  const askedMs: number[] = [];
  const isOver: boolean[] = [];
  const { orders, open, asked } = deskAt({
    place: async () => PLACED,
    order: async () => {
      const n = askedMs.push(performance.now()) - 1;
      if (n > 0) assert.not.ok(isOver[n - 1], `wait ${n} was longer than ${mostMs[n - 1]} ms`);
      // Begun right after the wait, this timer ends after it also on a slow machine.
      setImmediate(() => setTimeout(() => (isOver[n] = true), mostMs[n]).unref());
      return askedMs.length < 6 ? LOST : answer(orderBody('100.0', '0.010', 9, { status: 'CANCELED' }));
    },
    cancel: async () => LOST,
  });
  const desk = open();
  orders.add(REQUEST, 'don-a-1');
  await desk.place(REQUEST, 'don-a-1');
  asked.length = 0;
  await desk.cancel(1);
  assert.is(asked.length, 7, 'to cancel it, and what became of it');
  const waitsMs = askedMs.slice(1).map((ms, n) => ms - askedMs[n]!);
  // A timer may be a millisecond early.
  for (const [n, ms] of mostMs.entries()) assert.ok(waitsMs[n]! >= ms / 2 - 2, waitsMs.join());
});

test.run();
