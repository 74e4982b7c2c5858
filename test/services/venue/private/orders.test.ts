import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type SmallVenue, smallVenue, told } from './small-venue.ts';

const ORDER = 'POST /fapi/v1/order';
const BUY = { side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '1.000' };
const SELL = { ...BUY, side: 'SELL' };

function withVenue(body: (venue: SmallVenue) => void): () => void {
  return () => {
    const venue = smallVenue();
    try {
      body(venue);
    } finally {
      venue.close();
    }
  };
}

test(
  'a limit order stands behind those that were there before it, and is filled in its turn',
  withVenue(({ ask, others, events, depth }) => {
    ask(ORDER, { ...BUY, price: '80000', quantity: '0.5', newClientOrderId: 'a' });
    assert.is(depth().bid, 100_500, 'it is part of the public book');
    others('ask', 80_000, 100);
    assert.equal(told(events, 'a'), ['NEW NEW'], 'those in front took it all');
    others('ask', 80_000, 0.2);
    others('ask', 80_000, 0.3);
    assert.equal(told(events, 'a'), ['NEW NEW', 'TRADE PARTIALLY_FILLED', 'TRADE FILLED']);
    const order = ask('GET /fapi/v1/order', { origClientOrderId: 'a' });
    assert.equal([order['status'], order['avgPrice'], order['cumQuote']], ['FILLED', '80000.00000', '40000.00000']);
    const [first, second] = ask('GET /fapi/v1/userTrades') as unknown as Record<string, unknown>[];
    assert.equal([first!['qty'], first!['commission'], first!['maker']], ['0.200', '3.20000000', true]);
    assert.is(second!['commission'], '4.80000000');
  }),
);

test(
  'IOC, FOK and GTX do what their names say',
  withVenue(({ ask, refusal, events }) => {
    const deep = { price: '80000.1', quantity: '0.1' };
    const over = { ...BUY, price: '80000.1', quantity: '101' };
    assert.is(refusal(ORDER, { ...over, timeInForce: 'FOK' }), -2019, 'margin comes first');
    assert.is(refusal(ORDER, { ...BUY, ...deep, timeInForce: 'GTX' }), -5022);
    ask(ORDER, { ...BUY, ...deep, timeInForce: 'FOK', newClientOrderId: 'fok' });
    assert.equal(told(events, 'fok'), ['NEW NEW', 'TRADE FILLED']);
    ask(ORDER, { ...BUY, price: '79990', quantity: '0.1', timeInForce: 'IOC', newClientOrderId: 'ioc' });
    assert.equal(told(events, 'ioc'), ['NEW NEW', 'EXPIRED EXPIRED']);
    assert.is(refusal(ORDER, { ...BUY, price: '79990', quantity: '0.1', timeInForce: 'FOK' }), -5021);
  }),
);

test(
  'refuses with the code of what is missing, malformed, or off the grid',
  withVenue(({ refusal }) => {
    const good = { ...BUY, price: '79000', quantity: '0.1' };
    const wrong: [Record<string, unknown>, number][] = [
      [{ symbol: undefined }, -1102],
      [{ symbol: 'NOPE' }, -1121],
      [{ side: undefined }, -1102],
      [{ side: 'HOLD' }, -1117],
      [{ type: 'STOP_MARKET' }, -4120],
      [{ type: 'ICEBERG' }, -1116],
      [{ timeInForce: undefined }, -1102],
      [{ timeInForce: 'DAY' }, -1115],
      [{ quantity: undefined }, -1102],
      [{ quantity: 'many' }, -1102],
      [{ quantity: '0.0001' }, -1111],
      [{ quantity: '0' }, -4003],
      [{ quantity: '-1' }, -4003],
      [{ quantity: '1001' }, -4005],
      [{ quantity: '0.0005' }, -1111],
      [{ price: '79000.05' }, -4014],
      [{ price: '79000.001' }, -1111],
      [{ price: '0' }, -4001],
      [{ price: '84100' }, -4016],
      [{ side: 'SELL', price: '75900' }, -4024],
      [{ price: '79000', quantity: '0.0' }, -4003],
      [{ price: '76000', quantity: '0.000' }, -4003],
      [{ newClientOrderId: 'a b' }, -4015],
      [{ newClientOrderId: 'x'.repeat(37) }, -4015],
      [{ positionSide: 'LONG' }, -4061],
      [{ reduceOnly: 'true' }, -2022],
      [{ quantity: '20' }, -2019],
      [{ priceMatch: 'QUEUE' }, -1130],
      [{ timeInForce: 'GTD' }, -1102],
      [{ timeInForce: 'GTD', goodTillDate: '1' }, -5040],
    ];
    for (const [fields, code] of wrong)
      assert.is(refusal(ORDER, { ...good, ...fields }), code, `${JSON.stringify(fields)} is refused with ${code}`);
    assert.is(refusal('POST /fapi/v1/order/test', good), 0);
    assert.is(refusal('DELETE /fapi/v1/order', { orderId: 1 }), -2011);
    assert.is(refusal('GET /fapi/v1/order', { orderId: 1 }), -2013);
    assert.is(refusal('GET /fapi/v1/order'), -1102);
  }),
);

test(
  'an id is free again when its order is no longer open',
  withVenue(({ ask, refusal }) => {
    const order = { ...BUY, price: '79000', quantity: '0.1', newClientOrderId: 'same' };
    const first = ask(ORDER, order)['orderId'];
    assert.is(refusal(ORDER, order), -4116);
    ask('DELETE /fapi/v1/order', { origClientOrderId: 'same' });
    const second = ask(ORDER, order)['orderId'];
    assert.is(ask('GET /fapi/v1/order', { origClientOrderId: 'same' })['orderId'], second);
    assert.is(ask('GET /fapi/v1/order', { orderId: first })['status'], 'CANCELED');
  }),
);

test(
  'orders of one account do not trade with each other, those of two accounts do',
  withVenue(({ ask, events, others }) => {
    others('ask', 80_000, 100);
    ask(ORDER, { ...BUY, price: '80000', quantity: '0.1', newClientOrderId: 'bid' });
    ask(ORDER, { ...SELL, price: '80000', quantity: '0.1', newClientOrderId: 'ask' });
    assert.equal(told(events, 'bid'), ['NEW NEW', 'EXPIRED EXPIRED_IN_MATCH'], 'EXPIRE_MAKER is the ordinary mode');
    assert.equal(told(events, 'ask'), ['NEW NEW']);
    const taker = { ...BUY, price: '80000', quantity: '0.1', newClientOrderId: 'taker' };
    ask(ORDER, { ...taker, selfTradePreventionMode: 'EXPIRE_TAKER' });
    assert.equal(told(events, 'taker'), ['NEW NEW', 'EXPIRED EXPIRED_IN_MATCH']);
    ask(ORDER, { ...BUY, price: '80000', quantity: '0.1', newClientOrderId: 'theirs' }, 'other');
    assert.equal(told(events, 'ask'), ['NEW NEW', 'TRADE FILLED']);
    assert.equal(told(events, 'theirs'), ['NEW NEW', 'TRADE FILLED']);
  }),
);

test(
  'orders that only reduce never turn a position round',
  withVenue(({ ask, events, others }) => {
    ask(ORDER, { ...BUY, type: 'MARKET', timeInForce: undefined, quantity: '0.5' });
    const reduce = { ...SELL, price: '81000', reduceOnly: 'true' };
    ask(ORDER, { ...reduce, quantity: '0.3', newClientOrderId: 'r1' });
    ask(ORDER, { ...reduce, quantity: '0.4', newClientOrderId: 'r2' });
    ask(ORDER, { ...reduce, quantity: '0.1', newClientOrderId: 'r3' });
    others('bid', 81_000, 200);
    assert.equal(told(events, 'r1'), ['NEW NEW', 'TRADE FILLED']);
    assert.equal(
      told(events, 'r2'),
      ['NEW NEW', 'TRADE PARTIALLY_FILLED', 'EXPIRED EXPIRED'],
      'what was left to reduce',
    );
    assert.equal(told(events, 'r3'), ['NEW NEW', 'EXPIRED EXPIRED'], 'nothing was left');
    const second = ask('GET /fapi/v1/order', { origClientOrderId: 'r2' });
    assert.equal([second['origQty'], second['executedQty']], ['0.400', '0.200']);
    assert.equal(ask('GET /fapi/v3/positionRisk'), []);
  }),
);

test(
  'an amendment goes behind the others at its price; a refused one changes nothing',
  withVenue(({ ask, refusal, others, events }) => {
    const order = { ...BUY, price: '79999', quantity: '0.1' };
    ask(ORDER, { ...order, newClientOrderId: 'first' });
    ask(ORDER, { ...order, newClientOrderId: 'second' });
    const amend = { side: 'BUY', price: '79999', origClientOrderId: 'first' };
    assert.is(refusal('PUT /fapi/v1/order', { ...amend, quantity: '0.1' }), -5027);
    assert.is(refusal('PUT /fapi/v1/order', { ...amend, quantity: '50' }), -2019);
    ask('PUT /fapi/v1/order', { ...amend, quantity: '0.05' });
    const history = ask('GET /fapi/v1/orderAmendment', { origClientOrderId: 'first' }) as unknown as object[];
    const price = { before: '79999.00', after: '79999.00' };
    const origQty = { before: '0.100', after: '0.050' };
    assert.equal(
      history.map((each) => (each as { amendment: unknown }).amendment),
      [{ price, origQty, count: 1 }],
    );
    others('ask', 79_999, 100.1);
    assert.equal(told(events, 'second'), ['NEW NEW', 'TRADE FILLED']);
    assert.equal(told(events, 'first'), ['NEW NEW', 'AMENDMENT NEW']);
    others('ask', 79_999, 0.05);
    assert.is(told(events, 'first').at(-1), 'TRADE FILLED');
  }),
);

test(
  'batches answer for each order by itself',
  withVenue(({ ask, refusal }) => {
    const order = { ...BUY, symbol: 'BTCUSDT', price: '79000', quantity: '0.01' };
    const batchOrders = JSON.stringify([order, { ...order, price: '1.23' }, { ...order, newClientOrderId: 'c' }]);
    const answers = ask('POST /fapi/v1/batchOrders', { batchOrders }) as unknown as Record<string, unknown>[];
    assert.equal(
      answers.map(({ status, code }) => status ?? code),
      ['NEW', -4014, 'NEW'],
    );
    const origClientOrderIdList = JSON.stringify(['c', 'nobody']);
    const gone = ask('DELETE /fapi/v1/batchOrders', { origClientOrderIdList }) as unknown as Record<string, unknown>[];
    assert.equal(
      gone.map(({ status, code }) => status ?? code),
      ['CANCELED', -2011],
    );
    assert.is(refusal('POST /fapi/v1/batchOrders', { batchOrders: '[1' }), -1130);
    assert.is(refusal('POST /fapi/v1/batchOrders', { batchOrders: JSON.stringify(Array(6).fill(order)) }), -1130);
    ask('DELETE /fapi/v1/allOpenOrders');
    assert.equal(ask('GET /fapi/v1/openOrders'), []);
    assert.is((ask('GET /fapi/v1/allOrders') as unknown as unknown[]).length, 2);
  }),
);

test(
  'GTD ends at its date',
  withVenue(({ ask, events, pass, side }) => {
    const nowMs = [...side.accounts.values()][0]!.updatedMs;
    const order = { ...BUY, price: '79000', quantity: '0.1', timeInForce: 'GTD', newClientOrderId: 'gtd' };
    ask(ORDER, { ...order, goodTillDate: nowMs + 700_000 });
    pass(699_000);
    assert.equal(told(events, 'gtd'), ['NEW NEW']);
    pass(1_000);
    assert.equal(told(events, 'gtd'), ['NEW NEW', 'EXPIRED EXPIRED']);
  }),
);

test.run();
