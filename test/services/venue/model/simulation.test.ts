import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bestLevel, topLevels } from '../../../../services/venue/model/matching/order-book.ts';
import { type Simulation, type SimulationOptions, simulation } from '../../../../services/venue/model/simulation.ts';

const ANCHOR_MS = Date.UTC(2026, 10, 25, 11, 59, 30);

interface Frame {
  readonly stream: string;
  readonly payload: string;
}
interface Run {
  readonly sim: Simulation;
  readonly frames: Frame[];
  readonly of: (stream: string) => Record<string, never>[];
}

/** Runs the model for some seconds and keeps every frame of the streams wanted. */
function run(
  seconds: number,
  options: Partial<SimulationOptions> = {},
  wants: (stream: string) => boolean = ordinary,
): Run {
  const frames: Frame[] = [];
  const sink = {
    wants,
    send: (stream: string, payload: string) => void frames.push({ stream, payload }),
    sendFrame: () => {},
    isCongested: () => false,
  };
  const all = { symbols: ['BTCUSDT', 'ETHUSDT'], seed: 3, anchorMs: ANCHOR_MS, pace: 1, rate: undefined, ...options };
  const sim = simulation(all, sink);
  sim.advance(all.anchorMs + seconds * 1000);
  const of = (stream: string) =>
    frames
      .filter((frame) => frame.stream === stream)
      .map(({ payload }) => JSON.parse(payload) as Record<string, never>);
  return { sim, frames, of };
}

/** Every kind of stream, but each at one speed or interval. */
function ordinary(stream: string): boolean {
  return !/@kline_(?!1m)|@depth(?!@100ms)/.test(stream);
}

function digest({ frames }: Run): string {
  const hash = createHash('sha256');
  for (const { stream, payload } of frames) hash.update(`${stream} ${payload}\n`);
  return hash.digest('hex');
}

test('gives the same bytes for the same seed and anchor, others for another seed', () => {
  const first = digest(run(8));
  assert.is(digest(run(8)), first);
  assert.is.not(digest(run(8, { seed: 4 })), first);
  assert.is.not(digest(run(8, { anchorMs: ANCHOR_MS + 1 })), first);
});

test('gives the same bytes in whatever steps its time is told', () => {
  const whole = run(3, {}, () => true);
  const frames: Frame[] = [];
  const sink = {
    wants: () => true,
    send: (stream: string, payload: string) => void frames.push({ stream, payload }),
    sendFrame: () => {},
    isCongested: () => false,
  };
  const sim = simulation(
    { symbols: ['BTCUSDT', 'ETHUSDT'], seed: 3, anchorMs: ANCHOR_MS, pace: 1, rate: undefined },
    sink,
  );
  for (let ms = 0; ms <= 3000; ms += 7) sim.advance(ANCHOR_MS + Math.min(ms, 3000));
  sim.advance(ANCHOR_MS + 3000);
  assert.is(digest({ ...whole, frames }), digest(whole));
});

test("chains depth updates, and their sum is the engine's book", () => {
  const { sim, of } = run(0, {}, (stream) => stream === 'btcusdt@depth@100ms');
  const market = sim.markets[0]!;
  const bids = new Map(topLevels(market.book.bids, 100_000).map(({ priceTicks, qtySteps }) => [priceTicks, qtySteps]));
  const asks = new Map(topLevels(market.book.asks, 100_000).map(({ priceTicks, qtySteps }) => [priceTicks, qtySteps]));
  sim.advance(ANCHOR_MS + 20_000);
  // To the next flush exactly: then the updates hold everything that has changed.
  let updates = of('btcusdt@depth@100ms').length;
  while (of('btcusdt@depth@100ms').length === updates) sim.advance(sim.timeMs() + 0.01);
  updates = 0;
  let previous: number | undefined;
  for (const update of of('btcusdt@depth@100ms') as unknown as {
    U: number;
    u: number;
    pu: number;
    b: string[][];
    a: string[][];
  }[]) {
    if (previous !== undefined) assert.is(update.pu, previous, 'pu is the u before');
    assert.ok(update.pu < update.U && update.U <= update.u);
    previous = update.u;
    updates++;
    for (const [side, levels] of [
      [bids, update.b],
      [asks, update.a],
    ] as const) {
      for (const [price, qty] of levels) {
        const ticks = Math.round(Number(price) * 10);
        if (Number(qty) === 0) side.delete(ticks);
        else side.set(ticks, Math.round(Number(qty) * 1000));
      }
    }
  }
  assert.ok(updates > 190 && updates < 210, `${updates} updates in 20 s`);
  const engineBids = new Map(
    topLevels(market.book.bids, 100_000).map(({ priceTicks, qtySteps }) => [priceTicks, qtySteps]),
  );
  const engineAsks = new Map(
    topLevels(market.book.asks, 100_000).map(({ priceTicks, qtySteps }) => [priceTicks, qtySteps]),
  );
  const sorted = (side: Map<number, number>) => [...side].sort(([a], [b]) => a - b);
  assert.equal(sorted(bids), sorted(engineBids));
  assert.equal(sorted(asks), sorted(engineAsks));
});

test('quotes the best of the book, whenever one looks, with ids that grow', () => {
  const { sim, frames } = run(0, { symbols: ['BTCUSDT'] }, (stream) => stream === 'btcusdt@bookTicker');
  const { book } = sim.markets[0]!;
  let lastId = 0;
  for (let ms = 50; ms < 4000; ms += 0.5) {
    const from = frames.length;
    sim.advance(ANCHOR_MS + ms);
    for (const { payload } of frames.slice(from)) {
      assert.ok(JSON.parse(payload).u > lastId, 'ids of quotes grow');
      lastId = JSON.parse(payload).u;
    }
    const last = JSON.parse(frames.at(-1)!.payload);
    const bid = bestLevel(book.bids)!;
    const ask = bestLevel(book.asks)!;
    assert.ok(bid.priceTicks < ask.priceTicks, 'the book is never crossed');
    assert.equal(
      [last.b, last.B, last.a, last.A],
      [
        (bid.priceTicks / 10).toFixed(2),
        (bid.qtySteps / 1000).toFixed(3),
        (ask.priceTicks / 10).toFixed(2),
        (ask.qtySteps / 1000).toFixed(3),
      ],
    );
  }
});

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

test('begins above every id of an earlier run, even one in a hurry', () => {
  const before = run(5, { pace: 20, symbols: ['BTCUSDT'] });
  const after = run(1, { anchorMs: ANCHOR_MS + 5_000, symbols: ['BTCUSDT'] });
  const last = (stream: string, key: string) =>
    (before.of(stream) as unknown as Record<string, number>[]).at(-1)![key]!;
  const first = (stream: string, key: string) => (after.of(stream) as unknown as Record<string, number>[])[0]![key]!;
  assert.ok(first('btcusdt@depth@100ms', 'u') > last('btcusdt@depth@100ms', 'u'));
  assert.ok(first('btcusdt@trade', 't') > last('btcusdt@trade', 't'));
  assert.ok(first('btcusdt@aggTrade', 'a') > last('btcusdt@aggTrade', 'a'));
  assert.ok(Number.isSafeInteger(last('btcusdt@depth@100ms', 'u')));
});

test('goes on at the price where an earlier run was', () => {
  const before = run(30);
  const after = run(0, { anchorMs: ANCHOR_MS + 30_000 });
  const price = ({ sim }: Run) => bestLevel(sim.markets[0]!.book.bids)!.priceTicks;
  assert.ok(Math.abs(price(after) / price(before) - 1) < 0.001, `${price(before)} → ${price(after)}`);
});

test("makes ten times the market at a pace of ten, in the clock's time", () => {
  const only = (stream: string) => /btcusdt@(depth@100ms|bookTicker)/.test(stream);
  const { of, frames } = run(3, { pace: 10, symbols: ['BTCUSDT'] }, only);
  const depth = of('btcusdt@depth@100ms') as unknown as { E: number }[];
  assert.ok(Math.abs(depth.length - 300) < 10, `${depth.length} depth updates in 3 s`);
  assert.ok(frames.length > 1500, `${frames.length} frames in 3 s`);
  assert.ok(depth.at(-1)!.E - depth[0]!.E <= 3000);
});

test('aims at the rate asked for', () => {
  const wanted = (stream: string) => /@(depth@100ms|bookTicker|aggTrade)$/.test(stream) && !stream.startsWith('!');
  for (const rate of [150, 2500]) {
    const { sim, frames } = run(5, { rate }, wanted);
    const before = frames.length;
    sim.advance(ANCHOR_MS + 10_000);
    const perSecond = (frames.length - before) / 5;
    assert.ok(Math.abs(perSecond / rate - 1) < 0.2, `${perSecond} frames a second for ${rate}`);
  }
});

test('keeps its book for a long time: both sides deep, a narrow spread', () => {
  const { sim } = run(120, { symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'] }, () => false);
  for (const { book, profile } of sim.markets) {
    assert.ok(book.bids.orderCount > profile.ordersPerSide / 3 && book.asks.orderCount > profile.ordersPerSide / 3);
    const spread = bestLevel(book.asks)!.priceTicks - bestLevel(book.bids)!.priceTicks;
    assert.ok(spread >= 1 && spread < 60, `${profile.symbol}: spread ${spread}`);
  }
});

test('names the option out of range', () => {
  assert.throws(
    () => run(0, { symbols: ['DOGEUSDT'] }),
    /symbols: the order-flow model has BTCUSDT, .*; found DOGEUSDT/,
  );
  assert.throws(() => run(0, { pace: 0 }), /pace: must be above 0/);
  assert.throws(() => run(0, { rate: -1 }), /rate: must be above 0/);
  assert.throws(() => run(0, { anchorMs: 5 }), /anchorMs: must be an integer not before/);
});

test.run();
