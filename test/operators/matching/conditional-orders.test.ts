import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RISK_AVERSE } from '../../../operators/matching/queue-model.ts';
import {
  cancelAllOrders,
  createRecordedExchange,
  exchangeEvent,
  placeConditionalOrder,
} from '../../../operators/matching/recorded-exchange.ts';
import { createScale } from '../../../streams/events/scale.ts';
import { filtersOf, markPrice, trade } from '../market-events.ts';
import { loggedExchange, STOP } from './exchange-log.ts';

const test = suite('operators/matching/conditional-orders');

const sold = (priceTicks: number, qtySteps = 1) => trade(1, priceTicks, qtySteps, { aggressorSide: 'sell' });

/** A position of the account, which the tests move by hand. */
function heldExchange(steps: number) {
  const held = { steps };
  const reducibleSteps = (side: 'buy' | 'sell') => Math.max(0, side === 'sell' ? held.steps : -held.steps);
  return { held, ...loggedExchange('risk-averse', 'partial', { account: { refusal: () => 0, reducibleSteps } }) };
}

test('it waits outside the book, and a trade at its price makes it an order at once', () => {
  const { exchange, conditional, event, said } = loggedExchange();
  conditional({ orderId: 1, triggerTicks: 99 });
  event(sold(100));
  assert.equal(said(), ['1 accepted']);
  assert.equal([exchange.orders.length, exchange.conditional.waiting.length], [0, 1]);
  event(sold(99));
  assert.equal(said(), ['1 triggered, MARKET 4', '1 accepted', '1 taker 4 at 100, filled']);
  assert.is(exchange.conditional.waiting.length, 0);
});

test('a stop with a limit takes up to it, and rests with what is left', () => {
  const { exchange, conditional, event, said } = loggedExchange();
  conditional({ orderId: 1, type: 'STOP', triggerTicks: 99, priceTicks: 100, qtySteps: 14 });
  event(sold(99));
  assert.equal(said(), ['1 accepted', '1 triggered, LIMIT 14', '1 accepted', '1 taker 10 at 100']);
  assert.equal(
    exchange.orders.map(({ priceTicks, leftSteps }) => [priceTicks, leftSteps]),
    [[100, 4]],
  );
});

test('of one trade, what rests is filled first, then what waits is triggered, the oldest first', () => {
  const { place, conditional, event, said } = loggedExchange();
  conditional({ orderId: 1, triggerTicks: 99 });
  conditional({ orderId: 2, triggerTicks: 100, qtySteps: 1 });
  place({ orderId: 3 });
  said();
  event(sold(99));
  assert.equal(
    said().filter((line) => /through|triggered/.test(line)),
    ['3 through 4 at 100, filled', '1 triggered, MARKET 4', '2 triggered, MARKET 1'],
  );
});

test('the mark price triggers those that wait for it alone', () => {
  const { conditional, event, said } = loggedExchange();
  conditional({ orderId: 1, triggerTicks: 99, workingType: 'MARK_PRICE' });
  conditional({ orderId: 2, triggerTicks: 99 });
  event(sold(99, 1));
  assert.equal(said().slice(2, 3), ['2 triggered, MARKET 4']);
  event(markPrice(1, 9.91));
  assert.equal(said(), []);
  event(markPrice(2, 9.9));
  assert.equal(said()[0], '1 triggered, MARKET 4');
});

test('what would trigger at once is refused, by the price that it waits for', () => {
  const { conditional, event, said } = loggedExchange();
  event(trade(1, 100, 1));
  event(markPrice(1, 9.5));
  conditional({ orderId: 1, triggerTicks: 100 });
  conditional({ orderId: 2, triggerTicks: 99 });
  conditional({ orderId: 3, triggerTicks: 99, workingType: 'MARK_PRICE' });
  conditional({ orderId: 4, side: 'buy', type: 'TAKE_PROFIT_MARKET', triggerTicks: 100 });
  const trailing = { type: 'TRAILING_STOP_MARKET', callbackRate: 1 } as const;
  conditional({ orderId: 5, ...trailing, triggerTicks: 100 });
  conditional({ orderId: 6, ...trailing, side: 'buy', triggerTicks: 100 });
  conditional({ orderId: 7, ...trailing, triggerTicks: 101 });
  assert.equal(said(), [
    '1 REJECTED -2021',
    '2 accepted',
    '3 REJECTED -2021',
    '4 REJECTED -2021',
    '5 REJECTED -2021',
    '6 REJECTED -2021',
    '7 accepted',
  ]);
});

test('a trailing stop without an activation price trails from the price at which it came', () => {
  const { conditional, event, said } = loggedExchange();
  event(trade(1, 1_000, 1));
  conditional({ orderId: 1, type: 'TRAILING_STOP_MARKET', triggerTicks: Number.NaN, callbackRate: 1 });
  event(trade(2, 991, 1));
  assert.equal(said(), ['1 accepted']);
  event(trade(3, 990, 1));
  assert.equal(said()[0], '1 triggered, MARKET 4');
});

test('one that closes a position sells what there is then, and expires with it', () => {
  const closing = { closesPosition: true, qtySteps: 0 };
  const { held, conditional, event, depth, said } = heldExchange(3);
  conditional({ orderId: 1, ...closing });
  conditional({ orderId: 2, ...closing, type: 'TAKE_PROFIT_MARKET', triggerTicks: 110 });
  held.steps = 5;
  event(sold(98));
  assert.equal(said().slice(2, 5), ['1 triggered, MARKET 5', '1 accepted', '1 taker 5 at 100, filled']);
  held.steps = 0;
  event(sold(98));
  assert.equal(said(), ['2 EXPIRED']);
  depth([[97, 1]]);
  assert.equal(said(), []);
});

test('one that closes a position is refused where there is none, and where one of its kind waits', () => {
  const closing = { closesPosition: true, qtySteps: 0 };
  const { held, conditional, said } = heldExchange(0);
  conditional({ orderId: 1, ...closing });
  held.steps = 3;
  conditional({ orderId: 2, ...closing });
  conditional({ orderId: 3, ...closing, triggerTicks: 97 });
  conditional({ orderId: 4, ...closing, side: 'buy', triggerTicks: 110 });
  assert.equal(said(), ['1 REJECTED -4509', '2 accepted', '3 REJECTED -4130', '4 REJECTED -4509']);
});

test('a reduce-only stop sells at most the position', () => {
  const { held, conditional, event, said } = heldExchange(3);
  conditional({ orderId: 1, isReduceOnly: true });
  held.steps = 2;
  event(sold(98));
  assert.equal(said().slice(2), ['1 accepted', '1 taker 2 at 100', '1 EXPIRED']);
});

test('one that is price-protected expires where last and mark price are too far apart', () => {
  const { exchange, conditional, event, said } = loggedExchange();
  exchange.filters = filtersOf({ triggerProtect: 0.05 });
  event(markPrice(1, 10.4));
  conditional({ orderId: 1, isPriceProtected: true });
  conditional({ orderId: 2, triggerTicks: 99, isPriceProtected: true });
  event(sold(99));
  assert.equal(said(), ['1 accepted', '2 accepted', '2 triggered, MARKET 4', '2 accepted', '2 taker 4 at 100, filled']);
  event(sold(98));
  assert.equal(said(), ['1 EXPIRED']);
});

test('it is cancelled as an order is, with all others before a liquidation, and waits with at most 199 others', () => {
  const { exchange, conditional, cancel, said } = loggedExchange();
  conditional({ orderId: 1 });
  cancel(1);
  cancel(1);
  assert.equal(said(), ['1 accepted', '1 CANCELED', '1 unknown -2011']);
  for (let orderId = 2; orderId <= 202; orderId++) conditional({ orderId });
  assert.equal(said().slice(-2), ['201 accepted', '202 REJECTED -4045']);
  cancelAllOrders(exchange, {
    onAccepted: () => {},
    onFill: () => {},
    onEnd: () => {},
    onUnknown: () => {},
  });
  assert.is(exchange.conditional.waiting.length, 0);
});

test('a tick size that is no double triggers to the tick', () => {
  const { conditional, event, said } = loggedExchange();
  event({ type: 'instrument', symbol: 'X', scale: createScale('0.1', '0.001'), isInferred: false });
  conditional({ orderId: 1, side: 'buy', triggerTicks: 1_003, workingType: 'MARK_PRICE' });
  // 100.3 / 0.1 is 1002.9999999999999.
  event(markPrice(1, 100.3));
  assert.is(said()[1], '1 triggered, MARKET 4');
});

test('an exchange that begins behind the instrument event knows from its scale where the mark price is', () => {
  const exchange = createRecordedExchange(createScale('0.10', '0.001'));
  const said: number[] = [];
  const listener = {
    onAccepted: () => {},
    onFill: () => {},
    onEnd: (id: number) => said.push(id),
    onUnknown: () => {},
  };
  const rules = { queue: RISK_AVERSE, fills: 'partial' } as const;
  placeConditionalOrder(exchange, rules, { ...STOP, triggerTicks: 990, workingType: 'MARK_PRICE' }, listener);
  exchangeEvent(exchange, rules, markPrice(1, 99.1), listener);
  assert.equal(said, []);
  exchangeEvent(exchange, rules, markPrice(2, 99), listener);
  assert.equal(said, [1]);
});

test.run();
