import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDerivation } from '../../pipelines/derivation.ts';
import { type TableRow, toRow } from '../../pipelines/rows.ts';
import type { Capture, CapturedEvent } from '../support/captures.ts';
import { BTCUSDT, BTCUSDT_2023, ETHUSDT, readCapture, SPOT_BTCUSDT } from '../support/captures.ts';
import { entriesOf } from './derive.ts';

const test = suite('pipelines/captures');

/** How many rows of `book_top` have a bookTicker of the same update id. */
const MATCHES: readonly (readonly [Capture, number])[] = [
  [BTCUSDT, 629],
  [ETHUSDT, 551],
  [BTCUSDT_2023, 310],
  [SPOT_BTCUSDT, 564],
];

type Columns = TableRow['columns'];
type Json = Readonly<Record<string, unknown>>;

function rowsOf(events: readonly CapturedEvent[]): Readonly<Record<string, Columns[]>> {
  const rows: Record<string, Columns[]> = {};
  const derivation = createDerivation({
    onDerived(derived, at, scale) {
      const row = toRow(derived, at, scale);
      if (row === undefined) return;
      rows[row.table] ??= [];
      rows[row.table]!.push(row.columns);
    },
    onRefused: (error) => {
      throw error;
    },
  });
  for (const entry of entriesOf(events, [60])) derivation.push(entry);
  derivation.end();
  return rows;
}

const payloadsOf = (events: readonly CapturedEvent[], channel: string): Json[] =>
  events.filter((event) => event.channel === channel).map(({ payload }) => JSON.parse(payload.toString()));

/** A decimal text in units of 10^−8. */
const units = (text: unknown): bigint => {
  const [whole = '', part = ''] = String(text).split('.');
  return BigInt(whole + part.padEnd(8, '0'));
};
const decimal = (value: bigint, places: number): number => {
  const digits = String(value).padStart(places + 1, '0');
  return Number(`${digits.slice(0, -places)}.${digits.slice(-places)}`);
};

/** Bars of the trades, from their texts and in integers alone. */
function plainBars(trades: readonly Json[], intervalMs: number): Columns[] {
  const groups = new Map<number, Json[]>();
  let open = 0;
  for (const trade of trades) {
    open = Math.max(open, Math.floor(Number(trade['T']) / intervalMs) * intervalMs);
    if (!groups.has(open)) groups.set(open, []);
    groups.get(open)!.push(trade);
  }
  return [...groups].map(([openTimeMs, list]) => {
    const prices = list.map((trade) => Number(trade['p']));
    const sum = (value: (trade: Json) => bigint) => list.reduce((total, trade) => total + value(trade), 0n);
    return {
      ts: openTimeMs * 1_000,
      open: prices[0]!,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1)!,
      volume: decimal(
        sum((trade) => units(trade['q'])),
        8,
      ),
      quote_volume: decimal(
        sum((trade) => units(trade['p']) * units(trade['q'])),
        16,
      ),
      buy_volume: decimal(
        sum((trade) => (trade['m'] ? 0n : units(trade['q']))),
        8,
      ),
      trades: list.length,
    };
  });
}

for (const [capture, matches] of MATCHES)
  test(`the rows of ${capture.file} are what its frames say`, () => {
    const events = readCapture(capture);
    if (events === undefined) return;
    const rows = rowsOf(events);

    const tickers = new Map(payloadsOf(events, 'bookTicker').map((ticker) => [ticker['u'], ticker]));
    let compared = 0;
    for (const { update_id, bid_price, bid_qty, ask_price, ask_qty } of rows['book_top']!) {
      const ticker = tickers.get(update_id);
      if (ticker === undefined) continue;
      compared++;
      const { b, B, a, A } = ticker;
      assert.equal([bid_price, bid_qty, ask_price, ask_qty], [b, B, a, A].map(Number), `update id ${update_id}`);
    }
    assert.is(compared, matches);

    const trades = payloadsOf(events, 'trade').filter(({ X }) => X === undefined || X === 'MARKET');
    assert.is(rows['trades']!.length, trades.length);
    for (const [n, { ts, trade_id, price, qty, side }] of rows['trades']!.entries()) {
      const { T, t, p, q, m } = trades[n]!;
      assert.equal([ts, trade_id, price, qty, side], [Number(T) * 1_000, t, Number(p), Number(q), m ? 'sell' : 'buy']);
    }

    for (const [interval, intervalMs] of [
      ['1s', 1_000],
      ['1m', 60_000],
    ] as const) {
      const found = rows['bars']!.filter((bar) => bar['interval'] === interval);
      const plain = found.map(({ receive_time, entry_id, interval: _, source, is_whole, ...bar }) => bar);
      assert.equal(plain, plainBars(trades, intervalMs), interval);
      const parts = found.filter((bar) => bar['is_whole'] === 0);
      assert.equal(parts, [found[0], found.at(-1)], 'the recording begins and ends within a bar');
    }

    const features = rows['features_spine_v1']!;
    assert.equal(
      features.map(({ ts, update_id }) => [ts, update_id]),
      rows['book_top']!.map(({ ts, update_id }) => [ts, update_id]),
    );
    for (const [n, { midprice, quoted_spread }] of features.entries()) {
      const [bid, ask] = [Number(rows['book_top']![n]!['bid_price']), Number(rows['book_top']![n]!['ask_price'])];
      assert.ok(Math.abs(Number(midprice) - (bid + ask) / 2) < 1e-9, `midprice ${midprice} of ${bid}, ${ask}`);
      assert.ok(Math.abs(Number(quoted_spread) - (ask - bid)) < 1e-9, `spread ${quoted_spread} of ${bid}, ${ask}`);
    }

    const seconds = new Set(rows['book_top']!.map(({ ts }) => Math.floor(ts / 1e6)));
    assert.is(rows['book_levels']!.length, seconds.size, 'the book once a second');
    assert.is(rows['mark_prices']?.length ?? 0, payloadsOf(events, 'markPrice').length);
    assert.is(rows['gaps'], undefined, 'the file has no hole');
  });

test.run();
