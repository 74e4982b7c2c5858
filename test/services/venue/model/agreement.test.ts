import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bestLevel } from '../../../../services/venue/model/matching/order-book.ts';
import { ANCHOR_MS, run } from './model-run.ts';

// What the model publishes of one market agrees: trades, aggregates, klines, mark prices and liquidations.

test('numbers trades and aggregates without a hole, and aggregates hold exactly their trades', () => {
  const { of } = run(30);
  for (const symbol of ['btcusdt', 'ethusdt']) {
    const trades = of(`${symbol}@trade`) as unknown as { t: number; p: string; q: string; m: boolean; T: number }[];
    const aggregates = of(`${symbol}@aggTrade`) as unknown as {
      a: number;
      p: string;
      q: string;
      f: number;
      l: number;
      m: boolean;
      T: number;
      E: number;
    }[];
    assert.ok(trades.length > 300 && aggregates.length > 100, `${trades.length} trades in 30 s`);
    trades.forEach((trade, i) => {
      assert.is(trade.t, trades[0]!.t + i);
    });
    let next = trades[0]!.t;
    aggregates.forEach((aggregate, i) => {
      assert.is(aggregate.a, aggregates[0]!.a + i);
      assert.is(aggregate.f, next, 'first trade follows the last of the aggregate before');
      next = aggregate.l + 1;
      const own = trades.slice(aggregate.f - trades[0]!.t, next - trades[0]!.t);
      assert.is(
        own.reduce((sum, { q }) => sum + Math.round(Number(q) * 1000), 0),
        Math.round(Number(aggregate.q) * 1000),
      );
      assert.ok(own.every(({ p, m }) => p === aggregate.p && m === aggregate.m));
      assert.ok(own.at(-1)!.T - own[0]!.T <= 100, 'no aggregate is longer than 100 ms');
      assert.ok(aggregate.E - aggregate.T <= 151, 'an aggregate waits at most 150 ms');
    });
  }
});

test('makes klines of the trades, closed once each, and each event later than the one before', () => {
  const { of } = run(150, { symbols: ['BTCUSDT'] }, (stream) => /btcusdt@(trade|kline_1m)$/.test(stream));
  const trades = of('btcusdt@trade') as unknown as { t: number; p: string; q: string; m: boolean; T: number }[];
  const events = of('btcusdt@kline_1m') as unknown as { E: number; k: Record<string, string & number & boolean> }[];
  const closed = events.filter(({ k }) => k['x']);
  assert.equal(
    closed.map(({ k }) => k['t']),
    [0, 1, 2].map((i) => ANCHOR_MS - 30_000 + i * 60_000).slice(0, closed.length),
  );
  assert.is(closed.length, 3);
  events.forEach(({ E }, i) => {
    assert.ok(i === 0 || E > events[i - 1]!.E, 'E grows');
  });
  for (const { k } of closed) {
    const own = trades.filter(({ T }) => T >= Number(k['t']) && T <= Number(k['T']));
    const steps = (list: typeof own) => list.reduce((sum, { q }) => sum + Math.round(Number(q) * 1000), 0);
    const prices = own.map(({ p }) => Number(p));
    const quote = own.reduce((sum, { p, q }) => sum + Math.round(Number(p) * 100) * Math.round(Number(q) * 1000), 0);
    assert.equal(
      [k['o'], k['c'], k['h'], k['l'], k['v'], k['n'], k['f'], k['L'], k['q'], k['V']],
      [
        own[0]!.p,
        own.at(-1)!.p,
        Math.max(...prices).toFixed(2),
        Math.min(...prices).toFixed(2),
        (steps(own) / 1000).toFixed(3),
        own.length,
        own[0]!.t,
        own.at(-1)!.t,
        `${Math.floor(quote / 1e5)}.${String(quote % 1e5).padStart(5, '0')}`,
        (steps(own.filter(({ m }) => !m)) / 1000).toFixed(3),
      ],
    );
  }
});

test('sends a mark price each second: the median of its three prices, near the book', () => {
  const { sim, of } = run(20);
  const marks = of('btcusdt@markPrice@1s') as unknown as Record<string, string & number>[];
  assert.equal(
    marks.map((mark) => mark['E']),
    Array.from({ length: 20 }, (_, i) => ANCHOR_MS + 1000 * (i + 1)),
  );
  const last = marks.at(-1)!;
  const middle = bestLevel(sim.markets[0]!.book.bids)!.priceTicks / 10;
  assert.ok(Math.abs(Number(last['p']) / middle - 1) < 0.001, `mark ${last['p']}, book ${middle}`);
  assert.ok(Math.abs(Number(last['i']) / middle - 1) < 0.002, `index ${last['i']}, book ${middle}`);
  assert.is(last['T'], Date.UTC(2026, 10, 25, 16));
  assert.ok(
    of('btcusdt@markPrice').every(({ E }) => (Number(E) / 1000) % 3 === 0),
    'the slow stream has every third',
  );
  assert.is(of('!markPrice@arr@1s').length, 20);
});

test('liquidates through the book: the order is among the trades, and one a second is told', () => {
  const { sim, of } = run(5);
  const market = sim.markets[0]!;
  const tradesBefore = of('btcusdt@trade').length;
  const told = of('btcusdt@forceOrder').length;
  const askedAtMs = sim.timeMs();
  for (const qty of [40, 50, 60]) market.liquidate(askedAtMs, 'SELL', qty);
  const own = of('btcusdt@trade').slice(tradesBefore) as unknown as { q: string; m: boolean; p: string }[];
  assert.is(
    own.reduce((sum, { q }) => sum + Math.round(Number(q) * 1000), 0),
    150,
  );
  assert.ok(
    own.every(({ m }) => m),
    'the liquidation sold into the bids',
  );
  sim.advance(askedAtMs + 400);
  market.liquidate(askedAtMs + 400, 'SELL', 70);
  const lastFill = of('btcusdt@trade').at(-1) as unknown as { q: string };
  sim.advance(askedAtMs + 1001);
  const orders = of('btcusdt@forceOrder').slice(told) as unknown as { E: number; o: Record<string, string & number> }[];
  assert.is(orders.length, 1, 'only the last within a second');
  const order = orders[0]!.o;
  assert.equal(
    [order['S'], order['q'], order['z'], order['X'], order['f']],
    ['SELL', '0.070', '0.070', 'FILLED', 'IOC'],
  );
  assert.is(order['l'], lastFill.q);
  assert.ok(Number(order['p']) < Number(order['ap']), 'the bankruptcy price is below what was paid');
  assert.is(orders[0]!.E, askedAtMs + 1000, 'a second after the first');
});

test.run();
