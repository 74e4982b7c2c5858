import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gap, snapshot, trade } from '../market-events.ts';
import { loggedExchange } from './exchange-log.ts';

const test = suite('operators/matching/recorded-exchange');

const sold = (priceTicks: number, qtySteps: number) => trade(1, priceTicks, qtySteps, { aggressorSide: 'sell' });
const bought = (priceTicks: number, qtySteps: number) => trade(1, priceTicks, qtySteps, { aggressorSide: 'buy' });

test('an order at the touch fills when the queue in front of it has traded, and not before', () => {
  const { place, event, said } = loggedExchange();
  place({ orderId: 1 });
  event(sold(100, 9));
  event(bought(100, 50));
  event(sold(101, 50));
  event(sold(100, 1));
  assert.equal(said(), ['1 accepted']);
  event(sold(100, 1));
  assert.equal(said(), ['1 queue 1 at 100']);
  event(sold(100, 9));
  assert.equal(said(), ['1 queue 3 at 100, filled']);
  event(sold(100, 9));
  assert.equal(said(), []);
});

test('whoever cancels stood behind it, until the level is smaller than what was in front', () => {
  const { place, depth, event, said } = loggedExchange();
  place({ orderId: 1 });
  depth([[100, 30]]);
  depth([[100, 12]]);
  event(sold(100, 9));
  assert.equal(said(), ['1 accepted']);
  depth([[100, 0]]);
  event(sold(100, 1));
  assert.equal(said(), ['1 queue 1 at 100']);
});

test('what trades at a worse price has gone through it, and so has the other side that comes to it', () => {
  const first = loggedExchange();
  first.place({ orderId: 1 });
  first.event(sold(99, 1));
  assert.equal(first.said(), ['1 accepted', '1 through 4 at 100, filled']);
  const second = loggedExchange();
  second.place({ orderId: 1, side: 'sell', priceTicks: 102 });
  second.depth([[102, 5]], [[102, 0]]);
  assert.equal(second.said(), ['1 accepted', '1 through 4 at 102, filled']);
});

test('own orders at one price share what trades: the later one waits for the earlier', () => {
  const { place, event, said } = loggedExchange();
  place({ orderId: 1 });
  place({ orderId: 2, qtySteps: 3 });
  event(sold(100, 12));
  assert.equal(said(), ['1 accepted', '2 accepted', '1 queue 2 at 100']);
  event(sold(100, 4));
  assert.equal(said(), ['1 queue 2 at 100, filled', '2 queue 2 at 100']);
});

test('an order that takes gets what levels hold, up to its limit, and each of it once', () => {
  const { place, depth, said } = loggedExchange();
  place({ orderId: 1, priceTicks: 103, qtySteps: 9 });
  assert.equal(said(), ['1 accepted', '1 taker 7 at 102', '1 taker 2 at 103, filled']);
  place({ orderId: 2, priceTicks: 102, qtySteps: 5, timeInForce: 'IOC' });
  assert.equal(said(), ['2 accepted', '2 EXPIRED']);
  place({ orderId: 3, type: 'MARKET', qtySteps: 20 });
  assert.equal(said(), ['3 accepted', '3 taker 18 at 103', '3 taker 2 at 104, filled']);
  depth([], [[102, 6]]);
  place({ orderId: 4, priceTicks: 102, qtySteps: 8 });
  assert.equal(said(), ['4 accepted', '4 taker 6 at 102']);
});

test('what was taken of a level is there again when the level is told anew, also with the same quantity', () => {
  const { exchange, place, depth, event, said } = loggedExchange();
  const take = (orderId: number): string[] => {
    place({ orderId, priceTicks: 102, qtySteps: 5, timeInForce: 'IOC' });
    return said().slice(1);
  };
  assert.equal(take(1), ['1 taker 5 at 102, filled']);
  depth([[100, 11]], [[103, 21]]);
  assert.equal(take(2), ['2 taker 2 at 102', '2 EXPIRED'], 'another level was told');
  depth([], [[102, 7]]);
  assert.equal(take(3), ['3 taker 5 at 102, filled']);
  event(snapshot(3, [[100, 10]], [[102, 7]]));
  assert.equal(take(4), ['4 taker 5 at 102, filled']);
  event(snapshot(0, [[100, 10]], [[102, 7]]));
  assert.equal(take(5), ['5 taker 2 at 102', '5 EXPIRED'], 'too old a snapshot tells nothing');
  assert.equal([...exchange.taken], [[102, { side: 'ask', takenSteps: 7 }]]);
});

test('by shares of cancellations: a level that is told with what it held before a trade was joined, and what leaves then is cancelled', () => {
  const { exchange, place, depth, event, said } = loggedExchange('probability-even');
  const front = (): number => exchange.orders[0]!.frontSteps;
  place({ orderId: 1, priceTicks: 99 });
  depth([[99, 40]]);
  event(sold(99, 8));
  assert.is(front(), 12);
  // Of 40 there were 8 traded, and 8 have joined behind.
  depth([[99, 40]]);
  assert.is(front(), 12);
  // hftbacktest 2.4.4 has the same, and fills the same of it (PowerProbQueueModel of 1, partial fills).
  // 10 are cancelled: of 40 there were 12 in front, so that 3 of them were.
  depth([[99, 30]]);
  assert.ok(Math.abs(front() - 9) < 1e-9, `${front()}`);
  event(sold(99, 10));
  assert.equal(said(), ['1 accepted', '1 queue 1 at 99']);
});

test('the rest of an order that took stands in the book', () => {
  const { place, event, said } = loggedExchange();
  place({ orderId: 1, side: 'sell', priceTicks: 100, qtySteps: 12 });
  assert.equal(said(), ['1 accepted', '1 taker 10 at 100']);
  event(bought(100, 1));
  assert.equal(said(), ['1 queue 1 at 100']);
  event(bought(101, 1));
  assert.equal(said(), ['1 through 1 at 100, filled']);
});

test('post-only, fill-or-kill and market orders that cannot be are refused with the code of the venue', () => {
  const { place, depth, cancel, said } = loggedExchange();
  place({ orderId: 1, priceTicks: 102, timeInForce: 'GTX' });
  place({ orderId: 2, priceTicks: 103, qtySteps: 28, timeInForce: 'FOK' });
  place({ orderId: 3, priceTicks: 101, timeInForce: 'FOK' });
  place({ orderId: 4, priceTicks: 103, qtySteps: 27, timeInForce: 'FOK' });
  assert.equal(said(), [
    '1 EXPIRED -5022',
    '2 EXPIRED -5021',
    '3 EXPIRED -5021',
    '4 accepted',
    '4 taker 7 at 102',
    '4 taker 20 at 103, filled',
  ]);
  depth(
    [],
    [
      [102, 0],
      [103, 0],
      [104, 0],
    ],
  );
  place({ orderId: 5, type: 'MARKET' });
  cancel(9);
  assert.equal(said(), ['5 EXPIRED -2020', '9 unknown -2011']);
});

test('a cancelled order is gone', () => {
  const { place, event, cancel, said } = loggedExchange();
  place({ orderId: 1 });
  cancel(1);
  event(sold(99, 50));
  assert.equal(said(), ['1 accepted', '1 CANCELED']);
});

test('after a gap an order stands behind all that are there; what trades through it meanwhile still fills it', () => {
  const { place, event, said, depth } = loggedExchange();
  place({ orderId: 1 });
  place({ orderId: 2, priceTicks: 98 });
  event(gap('depth'));
  event(sold(100, 50));
  assert.equal(said(), ['1 accepted', '2 accepted']);
  event(sold(99, 1));
  assert.equal(said(), ['1 through 4 at 100, filled']);
  event(
    snapshot(
      50,
      [
        [98, 30],
        [97, 5],
      ],
      [[99, 5]],
    ),
  );
  depth([]);
  event(sold(98, 20));
  assert.equal(said(), []);
});

test('filled as a whole, as hftbacktest does: one that is reached, and one that takes at the best price', () => {
  const { place, event, said } = loggedExchange('risk-averse', 'whole');
  place({ orderId: 1 });
  event(sold(100, 11));
  place({ orderId: 2, type: 'MARKET', qtySteps: 90 });
  assert.equal(said(), ['1 accepted', '1 queue 4 at 100, filled', '2 accepted', '2 taker 90 at 102, filled']);
});

test('a reduce-only order rests whole, and is filled as far as there is a position then', () => {
  const held = { steps: 3 };
  const account = { refusal: () => 0, reducibleSteps: () => held.steps };
  const { exchange, place, event, said } = loggedExchange('risk-averse', 'partial', { account });
  place({ orderId: 1, side: 'sell', priceTicks: 102, qtySteps: 9, isReduceOnly: true });
  assert.is(exchange.orders[0]!.leftSteps, 9);
  held.steps = 5;
  event(bought(103, 1));
  assert.equal(said(), ['1 accepted', '1 through 5 at 102', '1 EXPIRED']);
});

test.run();
