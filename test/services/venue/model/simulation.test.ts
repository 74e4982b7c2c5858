import { createHash } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bestLevel, topLevels } from '../../../../services/venue/model/matching/order-book.ts';
import { simulation } from '../../../../services/venue/model/simulation.ts';
import { ANCHOR_MS, type Frame, type Run, run } from './model-run.ts';

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
  const { sim, of, frames } = run(0, {}, (stream) => stream === 'btcusdt@depth@100ms');
  const market = sim.markets[0]!;
  const bids = new Map(topLevels(market.book.bids, 100_000).map(({ priceTicks, qtySteps }) => [priceTicks, qtySteps]));
  const asks = new Map(topLevels(market.book.asks, 100_000).map(({ priceTicks, qtySteps }) => [priceTicks, qtySteps]));
  sim.advance(ANCHOR_MS + 20_000);
  // To the next flush exactly: then the updates hold everything that has changed.
  const before = frames.length;
  while (frames.length === before) sim.advance(sim.timeMs() + 0.01);
  let updates = 0;
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
