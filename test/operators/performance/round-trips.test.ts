import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { roundTrips, type TripFill } from '../../../operators/performance/round-trips.ts';
import { random } from '../../../operators/random.ts';
import { near } from './near.ts';

const test = suite('operators/performance/round-trips');

const fill = (timeMs: number, side: 'buy' | 'sell', qty: number, price: number, fee = 0): TripFill => ({
  timeMs,
  side,
  qty,
  price,
  fee,
});

test('a trade is from flat to flat, with its fees and funding', () => {
  const fills = [fill(10, 'buy', 1, 100, 0.1), fill(20, 'buy', 1, 110, 0.2), fill(40, 'sell', 2, 120, 0.3)];
  const { closed, open } = roundTrips(fills, [{ timeMs: 30, amount: -0.5 }], 0);
  assert.is(open, null);
  assert.equal(closed, [
    {
      side: 'long',
      fromMs: 10,
      toMs: 40,
      fills: 3,
      qty: 2,
      entryPrice: 105,
      exitPrice: 120,
      grossPnl: 30,
      fees: 0.1 + 0.2 + 0.3,
      funding: -0.5,
      pnl: 30 - (0.1 + 0.2 + 0.3) - 0.5,
      holdingMs: 25,
    },
  ]);
});

test('what was opened first is closed first', () => {
  // 1 held for 30 ms, then 1 for 80 ms.
  const fills = [fill(0, 'sell', 1, 100), fill(20, 'sell', 1, 100), fill(30, 'buy', 1, 90), fill(100, 'buy', 1, 80)];
  const [trip] = roundTrips(fills, [], 0).closed;
  assert.is(trip?.side, 'short');
  assert.is(trip?.holdingMs, 55);
  assert.is(trip?.grossPnl, 30);
});

test('a fill that turns the position ends one trade and begins the next, its fee split', () => {
  const { closed, open } = roundTrips([fill(0, 'buy', 1, 100), fill(10, 'sell', 3, 110, 0.9)], [], 105);
  assert.is(closed.length, 1);
  near(closed[0]?.fees, 0.3);
  near(closed[0]?.pnl, 9.7);
  assert.is(open?.side, 'short');
  assert.is(open?.qty, 2);
  near(open?.fees, 0.6);
  near(open?.pnl, 10 - 0.6, 1e-12, 'the rest is valued at the last price');
  assert.is(open?.exitPrice, null);
  assert.is(open?.holdingMs, null);
});

test('flat is flat though decimals do not add up', () => {
  const fills = [
    fill(0, 'buy', 0.1, 100),
    fill(1, 'buy', 0.2, 100),
    fill(2, 'sell', 0.3, 101),
    fill(3, 'buy', 0.1, 99),
  ];
  const { closed, open } = roundTrips(fills, [], 99);
  assert.is(closed.length, 1);
  assert.is(open?.qty, 0.1);
});

test('funding belongs to the trade that began before it; before any it is told', () => {
  const fills = [fill(10, 'buy', 1, 100), fill(20, 'sell', 1, 100), fill(30, 'buy', 1, 100)];
  const funding = [5, 10, 15, 30, 35].map((timeMs) => ({ timeMs, amount: 1 }));
  const { closed, open, fundingUnattributed } = roundTrips(fills, funding, 100);
  assert.is(fundingUnattributed, 2);
  assert.is(closed[0]?.funding, 2);
  assert.is(open?.funding, 1);
});

test('trades add up to what the account won', () => {
  const { below, uniform } = random(7);
  let [cash, position] = [0, 0];
  const fills = Array.from({ length: 2_000 }, (_, n) => {
    const side = uniform() < 0.5 ? 'buy' : 'sell';
    const one = fill(n, side, (1 + below(5)) / 1_000, 100 + below(50) / 10, below(100) / 1e5);
    const sign = side === 'buy' ? 1 : -1;
    position += sign * one.qty;
    cash -= sign * one.qty * one.price + one.fee;
    return one;
  });
  const { closed, open } = roundTrips(fills, [], 102);
  assert.ok(closed.length > 20, `${closed.length} trades`);
  const sum = [...closed, ...(open === null ? [] : [open])].reduce((total, { pnl }) => total + pnl, 0);
  near(sum, cash + position * 102, 1e-8);
});

test('no fill, no trade', () => {
  assert.equal(roundTrips([], [], 100), { closed: [], open: null, fundingUnattributed: 0 });
});

test.run();
