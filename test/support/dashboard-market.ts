import { random as seeded } from '../../operators/random.ts';

/** A market that walks at random from a seed, in the shapes of docs/architecture.md. Only for the dashboard's fixture. */
export interface FixtureMarket {
  readonly instrument: string;
  readonly tickSize: string;
  readonly stepSize: string;
  /** Derived events of the next step, topic and row without `i`; about `stepMs` of the market. */
  step(nowMs: number): readonly (readonly [topic: string, row: object])[];
  /** Closed bars, newest first. */
  bars(interval: '1m' | '1s'): readonly object[];
  features(nowMs: number): readonly object[];
  book(nowMs: number, levels: number): object;
  readonly trades: object[];
  readonly liquidations: object[];
  readonly gaps: object[];
  markPrice(nowMs: number): object;
  /** Opens a gap in depth: the book is not valid until it is closed. */
  openGap(nowMs: number): void;
  closeGap(nowMs: number): void;
}

interface Shape {
  readonly instrument: string;
  readonly price: number;
  readonly tickSize: string;
  readonly stepSize: string;
  /** Typical quantity of a level. */
  readonly levelQty: number;
}

export function createFixtureMarket(shape: Shape, seed: number): FixtureMarket {
  const { instrument, tickSize, stepSize, levelQty } = shape;
  const tick = Number(tickSize);
  const priceDecimals = decimals(tickSize);
  const qtyDecimals = decimals(stepSize);
  const { uniform: random, normal: standardNormal } = seeded(seed);
  const normal = (): number => standardNormal() * 0.58;
  let middle = shape.price;
  let drift = 0;
  let updateId = 7_000_000_000;
  let tradeId = 500_000_000;
  let bar1m: Bar | null = null;
  let bar1s: Bar | null = null;
  let openGapRow: Record<string, unknown> | null = null;
  let flow = 0;

  const price = (value: number): string => (Math.round(value / tick) * tick).toFixed(priceDecimals);
  const qty = (value: number): string => Math.max(Number(stepSize), value).toFixed(qtyDecimals);
  const common = (nowMs: number) => ({ symbol: instrument, recording: 'live', receive_time: nowMs * 1000 });

  function levels(side: 1 | -1, count: number): [string, string][] {
    const best = Math.floor(middle / tick) + (side > 0 ? 1 : 0);
    let at = best;
    return Array.from({ length: count }, () => {
      const level: [string, string] = [
        (at * tick).toFixed(priceDecimals),
        qty(levelQty * (0.15 + random() ** 3 * 3.5) * (1 + Math.abs(at - best) / 14)),
      ];
      at += side * (1 + Math.floor(random() ** 3 * 4));
      return level;
    });
  }

  function book(nowMs: number, count: number): object {
    const valid = openGapRow === null;
    return {
      ts: nowMs * 1000,
      receive_time: nowMs * 1000,
      update_id: updateId,
      valid,
      ...(valid ? {} : { reason: 'gap' }),
      bids: valid ? levels(-1, count) : [],
      asks: valid ? levels(1, count) : [],
    };
  }

  function addToBar(bar: Bar | null, openMs: number, traded: number, size: number, isBuy: boolean): Bar {
    if (bar === null || bar.openMs !== openMs)
      return { openMs, open: traded, high: traded, low: traded, close: traded, volume: size, buys: isBuy ? size : 0 };
    bar.high = Math.max(bar.high, traded);
    bar.low = Math.min(bar.low, traded);
    bar.close = traded;
    bar.volume += size;
    if (isBuy) bar.buys += size;
    return bar;
  }

  function barRow(bar: Bar, interval: string): object {
    return {
      ts: bar.openMs * 1000,
      ...common(bar.openMs),
      interval,
      source: 'trades',
      open: price(bar.open),
      high: price(bar.high),
      low: price(bar.low),
      close: price(bar.close),
      volume: qty(bar.volume),
      quote_volume: (bar.volume * bar.close).toFixed(2),
      buy_volume: qty(bar.buys),
      trades: 10,
    };
  }

  function featureRow(nowMs: number): Record<string, unknown> {
    const queue = Math.max(-1, Math.min(1, normal() * 0.5));
    flow = flow * 0.7 + normal() * levelQty * 3;
    return {
      ts: nowMs * 1000,
      midprice: (Math.floor(middle / tick) * tick + tick / 2).toFixed(priceDecimals + 1),
      microprice: (Math.floor(middle / tick) * tick + tick * (0.5 + queue * 0.45)).toFixed(priceDecimals + 2),
      quoted_spread: tick.toFixed(priceDecimals),
      queue_imbalance: queue,
      order_flow_imbalance: flow.toFixed(qtyDecimals),
      trade_imbalance: Math.tanh(drift / tick / 4 + normal() * 0.3),
      realized_volatility: 0.00032 + Math.abs(normal()) * 0.00008,
    };
  }

  function move(): void {
    drift = drift * 0.96 + normal() * tick * 0.8;
    middle = Math.max(tick * 100, middle + drift + normal() * tick * 2);
  }

  const trades: object[] = [];
  const liquidations: object[] = [];
  const gaps: object[] = [];

  function trade(nowMs: number): object {
    const isBuy = random() < 0.5 + Math.tanh(drift / tick) * 0.3;
    const traded = Math.floor(middle / tick) * tick + (isBuy ? tick : 0);
    const size = Number(qty(levelQty * 0.2 * random() ** 4 * 12));
    const minuteMs = Math.floor(nowMs / 60_000) * 60_000;
    if (bar1m !== null && bar1m.openMs !== minuteMs) history['1m'].push(barRow(bar1m, '1m'));
    bar1m = addToBar(bar1m, minuteMs, traded, size, isBuy);
    const row = {
      ts: nowMs * 1000,
      ...common(nowMs),
      trade_id: tradeId++,
      price: price(traded),
      qty: qty(size),
      side: isBuy ? 'buy' : 'sell',
      channel: 'aggTrade',
    };
    trades.unshift(row);
    trades.length = Math.min(trades.length, 300);
    bar1s = addToBar(bar1s, Math.floor(nowMs / 1000) * 1000, traded, size, isBuy);
    return row;
  }

  function liquidation(nowMs: number): object {
    const row = {
      ts: nowMs * 1000,
      ...common(nowMs),
      side: random() < 0.5 ? 'buy' : 'sell',
      price: price(middle),
      average_price: price(middle),
      qty: qty(levelQty * (0.1 + random())),
      status: 'FILLED',
    };
    liquidations.unshift(row);
    liquidations.length = Math.min(liquidations.length, 100);
    return row;
  }

  function markPrice(nowMs: number): object {
    return {
      ts: nowMs * 1000,
      ...common(nowMs),
      mark_price: (middle + tick * 0.37).toFixed(priceDecimals + 2),
      index_price: (middle - tick * 3.1).toFixed(priceDecimals + 2),
      settle_price: null,
      funding_rate: '0.00010000',
      next_funding_time: Math.ceil(nowMs / 28_800_000) * 28_800_000 * 1000,
    };
  }

  /** Bars before the start, walked back from the first price, and those closed since. */
  const history = { '1m': past(60_000, 1440), '1s': past(1_000, 900) };

  function past(stepMs: number, count: number): object[] {
    const { uniform: before } = seeded(seed + stepMs);
    const spread = tick * (stepMs === 60_000 ? 55 : 7);
    const lastMs = Math.floor(Date.now() / stepMs) * stepMs;
    const closes = [middle];
    for (let at = 0; at < count; at++) closes.unshift(closes[0]! + (before() + before() + before() - 1.5) * spread);
    return closes.slice(1).map((close, at) => {
      const open = closes[at]!;
      const high = Math.max(open, close) + before() * spread * 0.5;
      const low = Math.min(open, close) - before() * spread * 0.5;
      const volume = levelQty * (2 + before() ** 3 * 40) * (stepMs / 15_000);
      const bar = { openMs: lastMs - (count - at) * stepMs, open, high, low, close, volume, buys: volume / 2 };
      return barRow(bar, stepMs === 60_000 ? '1m' : '1s');
    });
  }

  function bars(interval: '1m' | '1s'): object[] {
    const stepUs = interval === '1m' ? 60_000_000 : 1_000_000;
    const isMissing = (row: object): boolean => {
      const { ts } = row as { ts: number };
      return gaps.some((gap) => covers(gap, ts) && covers(gap, ts + stepUs));
    };
    return history[interval].filter((row) => !isMissing(row)).toReversed();
  }

  function closeSecond(nowMs: number): [string, object][] {
    if (bar1s === null || bar1s.openMs === Math.floor(nowMs / 1000) * 1000) return [];
    const closed = barRow(bar1s, '1s');
    history['1s'].push(closed);
    bar1s = null;
    return [['bars_1s', closed]];
  }

  return {
    instrument,
    tickSize,
    stepSize,
    trades,
    liquidations,
    gaps,
    bars,
    book,
    markPrice,
    features: (nowMs) => {
      const kept = middle;
      const rows = Array.from({ length: 600 }, (_, at) => {
        move();
        return featureRow(nowMs - at * 1000);
      });
      middle = kept;
      return rows.filter(({ ts }) => !gaps.some((gap) => covers(gap, Number(ts))));
    },
    step(nowMs) {
      move();
      updateId += 40;
      const valid = openGapRow === null;
      const events: [string, object][] = [...closeSecond(nowMs), ['book', book(nowMs, 20)]];
      for (let count = Math.floor(random() * 2.6); count > 0; count--) events.push(['trades', trade(nowMs)]);
      if (bar1m !== null) events.push(['bar', barRow(bar1m, '1m')]);
      if (valid) events.push(['features', { ...featureRow(nowMs), set: 'spine-v1', valid }]);
      if (valid && updateId % 800 === 0)
        events.push(['features', { ts: nowMs * 1000, set: 'default-v1', valid, sma_20: 1 }]);
      if (random() < 0.01) events.push(['liquidations', liquidation(nowMs)]);
      if (random() < 0.05) events.push(['mark_prices', markPrice(nowMs)]);
      const told = gaps.find((gap) => !toldGaps.has(gap));
      if (told !== undefined) {
        toldGaps.add(told);
        events.push(['gaps', told]);
      }
      return events;
    },
    openGap(nowMs) {
      openGapRow = {
        ts: nowMs * 1000,
        ...common(nowMs),
        entry_id: `${nowMs}-0:1`,
        channel: 'depth',
        reason: 'sequence',
        expected: String(updateId),
        found: String(updateId + 417),
        from_time: (nowMs - 400) * 1000,
        to_time: null,
        closed_by: 'open',
      };
      gaps.unshift(openGapRow);
    },
    closeGap(nowMs) {
      if (openGapRow === null) return;
      gaps[gaps.indexOf(openGapRow)] = { ...openGapRow, to_time: nowMs * 1000, closed_by: 'snapshot' };
      openGapRow = null;
    },
  };
}

const toldGaps = new WeakSet<object>();

interface Bar {
  openMs: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  buys: number;
}

function covers(gap: object, timeUs: number): boolean {
  const { from_time, to_time } = gap as { from_time: number; to_time: number | null };
  return timeUs >= from_time && timeUs <= (to_time ?? Number.POSITIVE_INFINITY);
}

function decimals(step: string): number {
  return step.split('.')[1]?.length ?? 0;
}
