import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  cancelOrder,
  type Meeting,
  offeredSteps,
  placeLimit,
  placeMarket,
} from '../../../../services/venue/model/matching/matching.ts';
import {
  bestLevel,
  emptyOrderBook,
  type OrderBook,
  topLevels,
} from '../../../../services/venue/model/matching/order-book.ts';

type Fill = readonly [makerId: number, qty: number, price: number, aggressor: string];

function engine() {
  const book = emptyOrderBook();
  const fills: Fill[] = [];
  const levels: string[] = [];
  const listener = {
    onFill: (maker: { id: number; priceTicks: number }, qty: number, aggressor: string) =>
      void fills.push([maker.id, qty, maker.priceTicks, aggressor]),
    onLevel: (side: string, price: number, qty: number) => void levels.push(`${side} ${price} ${qty}`),
  };
  const limit = (
    id: number,
    side: 'bid' | 'ask',
    priceTicks: number,
    qtySteps: number,
    timeInForce: 'GTC' | 'IOC' | 'GTX' = 'GTC',
  ) => placeLimit(book, { id, side, priceTicks, qtySteps, timeInForce }, listener);
  return { book, fills, levels, limit, listener };
}

function sideOf(book: OrderBook, side: 'bids' | 'asks'): string {
  return topLevels(book[side], 100)
    .map(({ priceTicks, qtySteps }) => `${priceTicks}x${qtySteps}`)
    .join(' ');
}

test("meets the oldest order of the best price first, at the makers' prices", () => {
  const { fills, levels, limit, book } = engine();
  limit(1, 'ask', 101, 5);
  limit(2, 'ask', 100, 3);
  limit(3, 'ask', 100, 4);
  levels.length = 0;
  const outcome = limit(4, 'bid', 101, 9);
  assert.equal(fills, [
    [2, 3, 100, 'bid'],
    [3, 4, 100, 'bid'],
    [1, 2, 101, 'bid'],
  ]);
  assert.equal(outcome, { filledSteps: 9, restingSteps: 0 });
  assert.equal(levels, ['ask 100 0', 'ask 101 3'], 'each level is told once, with what is left');
  assert.equal(sideOf(book, 'asks'), '101x3');
});

test('rests what a limit order could not fill, behind the orders that were there', () => {
  const { limit, book, fills } = engine();
  limit(1, 'bid', 99, 1);
  limit(2, 'ask', 100, 2);
  assert.equal(limit(3, 'bid', 100, 5), { filledSteps: 2, restingSteps: 3 });
  limit(4, 'bid', 100, 1);
  assert.equal(sideOf(book, 'bids'), '100x4 99x1');
  placeMarket(book, 'ask', 4, {
    onFill: (maker, qty) => void fills.push([maker.id, qty, maker.priceTicks, 'ask']),
    onLevel: () => {},
  });
  assert.equal(fills.slice(1), [
    [3, 3, 100, 'ask'],
    [4, 1, 100, 'ask'],
  ]);
});

test('drops the rest of IOC and market orders, and refuses a post-only order that would fill', () => {
  const { limit, book, listener } = engine();
  limit(1, 'ask', 100, 2);
  assert.equal(limit(2, 'bid', 100, 5, 'GTX'), { filledSteps: 0, restingSteps: 0 });
  assert.equal(limit(3, 'bid', 100, 5, 'IOC'), { filledSteps: 2, restingSteps: 0 });
  assert.equal(placeMarket(book, 'bid', 3, listener), { filledSteps: 0, restingSteps: 0 });
  assert.is(book.orders.size, 0);
  assert.equal(limit(4, 'bid', 99, 5, 'GTX'), { filledSteps: 0, restingSteps: 5 });
});

test('cancels an order once, from the middle of a queue too', () => {
  const { limit, book, listener, levels } = engine();
  for (const id of [1, 2, 3]) limit(id, 'bid', 50, id);
  levels.length = 0;
  assert.ok(cancelOrder(book, 2, listener));
  assert.not(cancelOrder(book, 2, listener), 'the second time there is nothing to cancel');
  assert.equal(levels, ['bid 50 4']);
  assert.is(bestLevel(book.bids)?.first?.next?.id, 3);
});

test('names the field that is no positive integer, and an id that is taken', () => {
  const { limit } = engine();
  assert.throws(() => limit(1, 'bid', 0, 1), /priceTicks: must be a positive integer, was 0/);
  assert.throws(() => limit(1, 'bid', 1, 1.5), /qtySteps: must be a positive integer, was 1.5/);
  limit(1, 'bid', 1, 1);
  assert.throws(() => limit(1, 'bid', 1, 1), /id: must be new/);
});

interface NaiveOrder {
  readonly id: number;
  readonly side: 'bid' | 'ask';
  readonly price: number;
  qty: number;
}

/** The rule written out plainly: look through all orders for the best price, then the lowest position. */
function naiveLimit(resting: NaiveOrder[], order: NaiveOrder, fills: Fill[]): void {
  const sign = order.side === 'bid' ? 1 : -1;
  while (order.qty > 0) {
    const makers = resting.filter(({ side, price }) => side !== order.side && sign * (order.price - price) >= 0);
    if (makers.length === 0) break;
    const best = Math.min(...makers.map(({ price }) => sign * price));
    const maker = makers.find(({ price }) => sign * price === best) as NaiveOrder;
    const qty = Math.min(maker.qty, order.qty);
    fills.push([maker.id, qty, maker.price, order.side]);
    maker.qty -= qty;
    order.qty -= qty;
    if (maker.qty === 0) resting.splice(resting.indexOf(maker), 1);
  }
  if (order.qty > 0) resting.push(order);
}

const action = fc.record({
  cancels: fc.option(fc.nat(60), { nil: undefined, freq: 3 }),
  side: fc.constantFrom('bid' as const, 'ask' as const),
  price: fc.integer({ min: 95, max: 105 }),
  qty: fc.integer({ min: 1, max: 9 }),
});

test('does what a plain search through all orders does, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
      const { book, fills, limit, listener } = engine();
      const resting: NaiveOrder[] = [];
      const naiveFills: Fill[] = [];
      actions.forEach(({ cancels, side, price, qty }, id) => {
        if (cancels !== undefined) {
          cancelOrder(book, cancels, listener);
          const index = resting.findIndex((order) => order.id === cancels);
          if (index >= 0) resting.splice(index, 1);
          return;
        }
        limit(id, side, price, qty);
        naiveLimit(resting, { id, side, price, qty }, naiveFills);
      });
      assert.equal(fills, naiveFills);
      const sum = (side: string, price: number) =>
        resting
          .filter((order) => order.side === side && order.price === price)
          .reduce((total, { qty }) => total + qty, 0);
      for (let price = 95; price <= 105; price++) {
        assert.is(book.bids.levels.get(price)?.qtySteps ?? 0, sum('bid', price));
        assert.is(book.asks.levels.get(price)?.qtySteps ?? 0, sum('ask', price));
      }
      assert.equal(
        [...book.bids.prices],
        [...book.bids.levels.keys()].sort((a, b) => a - b),
      );
      assert.equal(
        [...book.asks.prices],
        [...book.asks.levels.keys()].sort((a, b) => b - a),
      );
      assert.is(book.orders.size, resting.length);
    }),
    { numRuns: 200, seed: 7 },
  );
});

test('orders that must not trade with each other end, and those behind them are met', () => {
  const outcomes = (['expire-maker', 'expire-taker', 'expire-both'] as const).map((meeting) => {
    const { fills, levels, limit, book, listener } = engine();
    limit(1, 'ask', 100, 3);
    limit(2, 'ask', 100, 4);
    limit(3, 'ask', 101, 5);
    fills.length = 0;
    levels.length = 0;
    const onMeet = ({ id }: { id: number }): Meeting => (id === 2 ? meeting : 'trade');
    const order = { id: 4, side: 'bid', priceTicks: 101, qtySteps: 10, timeInForce: 'GTC' } as const;
    const { filledSteps, restingSteps } = placeLimit(book, order, { ...listener, onMeet });
    return [filledSteps, restingSteps, sideOf(book, 'asks'), levels.join(', ')];
  });
  assert.equal(outcomes, [
    [8, 2, '', 'ask 100 0, ask 101 0, bid 101 2'],
    [3, 0, '100x4 101x5', 'ask 100 4'],
    [3, 0, '101x5', 'ask 100 0'],
  ]);
});

test('counts what an order could take, up to its limit and to what it asks for', () => {
  const { limit, book } = engine();
  limit(1, 'ask', 100, 3);
  limit(2, 'ask', 101, 4);
  limit(3, 'ask', 103, 5);
  const all = (): boolean => true;
  assert.is(offeredSteps(book, 'bid', 99, 100, all), 0);
  assert.is(offeredSteps(book, 'bid', 102, 100, all), 7);
  assert.is(offeredSteps(book, 'bid', undefined, 100, all), 12);
  assert.is(offeredSteps(book, 'bid', undefined, 5, all), 5);
  assert.is(
    offeredSteps(book, 'bid', 102, 100, ({ id }) => id !== 1),
    4,
  );
});

test.run();
