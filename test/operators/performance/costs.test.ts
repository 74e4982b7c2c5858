import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MARKOUT_HORIZONS_MS, markout } from '../../../operators/performance/markouts.ts';
import { tradingCosts } from '../../../operators/performance/trading-costs.ts';
import { near } from './near.ts';

const test = suite('operators/performance/costs');

const FILL = {
  timeMs: 0,
  side: 'buy',
  price: 101,
  qty: 2,
  isMaker: false,
  fee: 0.5,
  midWhenSent: 99,
  midWhenFilled: 100,
} as const;

test('a taker pays the half-spread and how far the market went meanwhile', () => {
  assert.equal(tradingCosts([FILL]), {
    makerFees: 0,
    takerFees: 0.5,
    makerSpread: 0,
    takerSpread: 2,
    slippage: 2,
    withoutMid: 0,
  });
});

test('a maker earns the spread, on either side; the move while it waited is no slippage', () => {
  const sold = { ...FILL, side: 'sell', isMaker: true, fee: -0.1 } as const;
  const bought = { ...FILL, price: 99.5, isMaker: true, fee: 0 };
  const costs = tradingCosts([sold, bought]);
  assert.is(costs.makerSpread, -2 - 1);
  assert.is(costs.makerFees, -0.1);
  assert.is(costs.slippage, 0);
  assert.is(tradingCosts([sold]).slippage, 0);
});

test('a fill without a midprice counts its fee only', () => {
  const costs = tradingCosts([{ ...FILL, midWhenFilled: Number.NaN }]);
  assert.equal([costs.takerFees, costs.takerSpread, costs.slippage, costs.withoutMid], [0.5, 0, 0, 1]);
});

test('a markout is the move after the fill, in its favour', () => {
  const prices = { timesMs: [0, 500, 1_000, 1_400, 10_000], values: [100, 100, 103, 104, 90] };
  const [second, tenth] = MARKOUT_HORIZONS_MS.map((ms) => markout([FILL], prices, ms));
  assert.equal(second, { horizonMs: 1_000, fills: 1, amount: 6, bps: 300 });
  assert.is(tenth?.amount, -20);
  assert.is(markout([{ ...FILL, side: 'sell' }], prices, 1_000).amount, -6);
});

test('where no sample is near the horizon the fill is left out', () => {
  assert.equal(markout([FILL], { timesMs: [0, 2_000], values: [100, 110] }, 1_000), {
    horizonMs: 1_000,
    fills: 0,
    amount: 0,
    bps: null,
  });
  assert.is(markout([FILL], { timesMs: [0, 1_500], values: [100, 110] }, 1_000).fills, 1);
  assert.is(markout([FILL], { timesMs: [], values: [] }, 1_000).fills, 0);
});

test('markouts of many fills are those of each', () => {
  const timesMs = Array.from({ length: 200 }, (_, n) => n * 130);
  const prices = { timesMs, values: timesMs.map((timeMs) => 100 + Math.sin(timeMs / 900)) };
  const fills = Array.from({ length: 60 }, (_, n) => ({ ...FILL, timeMs: n * 377 }));
  const each = fills.reduce((sum, one) => sum + markout([one], prices, 1_000).amount, 0);
  near(markout(fills, prices, 1_000).amount, each, 1e-9);
});

test.run();
