import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConditionalRequest } from '../../../../operators/matching/conditional-order.ts';
import type { AccountFact } from '../../../../services/trader/live/account-facts.ts';
import type { Exchange, Outcome } from '../../../../services/trader/live/exchange.ts';
import type { UserEvent } from '../../../../services/trader/live/user-stream.ts';
import { createUserUpdates } from '../../../../services/trader/live/user-updates.ts';
import { answer, deskAt, NO_SUCH, orderBody, REQUEST, SCALE } from './fake-exchange.ts';

const STOP: ConditionalRequest = {
  orderId: 1,
  side: 'sell',
  positionSide: 'BOTH',
  type: 'STOP_MARKET',
  triggerTicks: 1_000,
  priceTicks: Number.NaN,
  timeInForce: 'GTC',
  qtySteps: 0,
  callbackRate: Number.NaN,
  workingType: 'CONTRACT_PRICE',
  closesPosition: true,
  isReduceOnly: false,
  isPriceProtected: false,
  selfTrade: 'NONE',
};
const ALGO = { clientAlgoId: 'don-a-1', algoId: 3, updateTime: 2 };
const NAMED = { c: 'of-the-exchange', i: 99, s: 'BTCUSDT', S: 'SELL', m: false };
const FILL = {
  ...NAMED,
  x: 'TRADE',
  X: 'FILLED',
  q: '0.02',
  p: '0',
  l: '0.02',
  z: '0.02',
  L: '99.9',
  n: '0.1',
  N: 'USDT',
};
const FILLED = { e: 'ORDER_TRADE_UPDATE', T: 6, o: { ...FILL, t: 5 } };

/** A stop that waits, and the user data stream before it. */
async function withStop(requests: Partial<Exchange>) {
  const rig = deskAt(requests);
  const desk = rig.open();
  const foreign: AccountFact[] = [];
  const work: Promise<unknown>[] = [];
  rig.orders.addConditional(STOP, 'don-a-1');
  await rig.report(1, [{ type: 'accepted', timeMs: 1, exchangeId: '3' }]);
  const updates = createUserUpdates({
    symbol: 'BTCUSDT',
    instrument: 'binance-usdm:BTCUSDT',
    prefix: 'don-a-',
    quoteAsset: 'USDT',
    scale: SCALE,
    orders: rig.orders,
    report: rig.report,
    reportAccount: async (fact) => void foreign.push(fact),
    resolve: desk.resolveAnew,
    background: (_, promise) => void work.push(promise),
    log: () => {},
  });
  async function hear(event: UserEvent): Promise<void> {
    updates.take(event);
    for (let n = 0; n < work.length; n++) await work[n];
  }
  const types = () => rig.facts().map(({ type }) => type);
  return { ...rig, hear, foreign, types };
}

test('what a stop has become is its own under another name, heard of before the trigger is; and heard again', async () => {
  const child = orderBody('0', '0.020', 6, { orderId: 99, clientOrderId: 'of-the-exchange', status: 'FILLED' });
  const { hear, foreign, types, orders, facts } = await withStop({
    algoOrder: async () => answer({ ...ALGO, algoStatus: 'TRIGGERED', actualOrderId: '99' }),
    order: async () => answer({ ...child, executedQty: '0.000', status: 'NEW' }),
  });
  await hear(FILLED);
  assert.equal(types(), ['accepted', 'triggered', 'filled']);
  const triggered = facts()[1]!;
  assert.ok(triggered.type === 'triggered' && triggered.qtySteps === 20, 'as much as it closes');
  await hear(FILLED);
  assert.equal([types().length, foreign, orders.size], [3, [], 0]);
});

test('a fill under its own name says that it was triggered, and nobody has to be asked', async () => {
  const { hear, asked, types } = await withStop({});
  await hear({ ...FILLED, o: { ...FILLED.o, c: 'don-a-1' } });
  assert.equal([types(), asked], [['accepted', 'triggered', 'filled'], []]);
});

test('a fill of another is not taken for that of a stop that waits', async () => {
  const { hear, foreign, types } = await withStop({
    algoOrder: async () => answer({ ...ALGO, algoStatus: 'NEW', actualOrderId: '' }),
  });
  await hear(FILLED);
  assert.equal([types(), foreign.map(({ id }) => id)], [['accepted'], ['trade-5']]);
});

test('each way in which one ends without becoming an order', async () => {
  for (const X of ['CANCELED', 'EXPIRED', 'REJECTED'] as const) {
    const { hear, facts, orders } = await withStop({});
    await hear({ e: 'ALGO_UPDATE', T: 4, o: { s: 'BTCUSDT', caid: 'don-a-1', aid: 3, X, ai: '', rm: 'no' } });
    assert.equal(facts().at(-1), { type: 'ended', timeMs: 4, end: X, code: 0 });
    assert.is(orders.size, 0);
  }
});

test('one that is triggering is asked for until its order is there', async () => {
  const algos = [
    { ...ALGO, algoStatus: 'TRIGGERING', actualOrderId: '' },
    { ...ALGO, algoStatus: 'TRIGGERED', actualOrderId: '99' },
  ];
  const orders: Outcome[] = [NO_SUCH, answer(orderBody('0', '0.020', 6, { orderId: 99 }))];
  const shift = <Item>(list: Item[]): Item => (list.length > 1 ? list.shift()! : list[0]!);
  const { hear, types } = await withStop({
    algoOrder: async () => answer(shift(algos)),
    order: async () => shift(orders),
  });
  await hear({ e: 'ALGO_UPDATE', T: 4, o: { s: 'BTCUSDT', caid: 'don-a-1', aid: 3, X: 'TRIGGERING', ai: '' } });
  assert.equal(types(), ['accepted', 'triggered']);
});

test('while it is not known whether a fill is that of a stop, what is said of other orders is taken in', async () => {
  let algoStatus = 'TRIGGERING';
  const { hear, orders, report, types, foreign } = await withStop({
    algoOrder: async () => answer({ ...ALGO, algoStatus, actualOrderId: '' }),
  });
  orders.add({ ...REQUEST, orderId: 2 }, 'don-a-2');
  await report(2, [{ type: 'accepted', timeMs: 1, exchangeId: '7' }]);
  const own = { c: 'don-a-2', i: 7, S: 'BUY', q: '0.010', p: '100.0', l: '0.010', z: '0.010', L: '100.0', t: 6 };
  const unknown = hear(FILLED);
  void hear({ ...FILLED, o: { ...FILLED.o, ...own } });
  await sleep(50);
  assert.equal([types(), foreign], [['accepted', 'accepted', 'filled'], []]);
  algoStatus = 'NEW';
  await unknown;
  assert.is(foreign.length, 1);
});

test('for what another program does without a fill nobody is asked', async () => {
  const { hear, asked, foreign } = await withStop({});
  for (const X of ['NEW', 'CANCELED', 'EXPIRED'])
    await hear({ ...FILLED, o: { ...FILLED.o, t: 0, x: X, X, l: '0', z: '0' } });
  assert.equal([asked, foreign], [[], []]);
});

test.run();
