import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nextOpenTimeOf, openTimeOf } from '../../../../services/venue/kline-intervals.ts';
import { type Bar, barSeries } from '../../../../services/venue/model/bars.ts';

const T0 = Date.UTC(2026, 10, 25, 12);

test('opens bars on the grid of their interval in UTC: weeks on Monday, months on the first', () => {
  const at = Date.UTC(2026, 10, 25, 13, 47, 12, 345);
  const open = (interval: string) => new Date(openTimeOf(interval, at)).toISOString();
  assert.is(open('1m'), '2026-11-25T13:47:00.000Z');
  assert.is(open('15m'), '2026-11-25T13:45:00.000Z');
  assert.is(open('4h'), '2026-11-25T12:00:00.000Z');
  assert.is(open('1d'), '2026-11-25T00:00:00.000Z');
  assert.is(open('1w'), '2026-11-23T00:00:00.000Z');
  assert.is(open('1M'), '2026-11-01T00:00:00.000Z');
  assert.is(nextOpenTimeOf('1M', Date.UTC(2028, 1, 1)), Date.UTC(2028, 2, 1), 'a leap February');
  assert.is(nextOpenTimeOf('1w', Date.UTC(2026, 10, 23)), Date.UTC(2026, 10, 30));
});

function trade(id: number, timeMs: number, priceTicks: number, qtySteps: number, isBuyerMaker = false) {
  return { id, timeMs, priceTicks, qtySteps, isBuyerMaker };
}

test('says nothing before the first trade, then closes each bar once, empty ones at the last close', () => {
  const bars = barSeries('1m');
  const closed: Bar[] = [];
  bars.advance(T0, (bar) => void closed.push(bar));
  assert.is(bars.open(), undefined);
  bars.add(trade(5, T0 + 10, 100, 2));
  bars.add(trade(6, T0 + 20, 90, 3, true));
  bars.advance(T0 + 59_999, (bar) => void closed.push(bar));
  assert.is(closed.length, 0, 'the last millisecond belongs to the bar');
  bars.advance(T0 + 60_000 * 3, (bar) => void closed.push(bar));
  assert.equal(
    closed.map(({ openTimeMs, trades, closeTicks }) => [openTimeMs - T0, trades, closeTicks]),
    [
      [0, 2, 90],
      [60_000, 0, 90],
      [120_000, 0, 90],
    ],
  );
  assert.equal(
    [closed[0]!.volumeSteps, closed[0]!.buyVolumeSteps, closed[0]!.quoteVolume, closed[0]!.buyQuoteVolume],
    [5, 2, 470n, 200n],
  );
  bars.add(trade(7, T0 + 180_001, 95, 1));
  assert.equal(
    [bars.open()!.openTicks, bars.open()!.highTicks, bars.open()!.lowTicks],
    [95, 95, 95],
    'opens at its first trade, not at the last close',
  );
});

test('selects by time from the start, and the latest otherwise', () => {
  const bars = barSeries('1m');
  for (let i = 0; i < 5; i++) {
    bars.advance(T0 + i * 60_000, () => {});
    bars.add(trade(i, T0 + i * 60_000, 100 + i, 1));
  }
  const opens = (query: { startTimeMs?: number; endTimeMs?: number; limit: number }) =>
    bars.select({ startTimeMs: undefined, endTimeMs: undefined, ...query }).map(({ openTicks }) => openTicks - 100);
  assert.equal(opens({ limit: 2 }), [3, 4]);
  assert.equal(opens({ startTimeMs: T0 + 60_000, limit: 2 }), [1, 2]);
  assert.equal(opens({ endTimeMs: T0 + 60_000, limit: 5 }), [0, 1]);
  assert.equal(opens({ startTimeMs: T0 + 1, endTimeMs: T0 + 180_000, limit: 9 }), [1, 2, 3]);
});

test('keeps an exact quote volume beyond what a double holds', () => {
  const bars = barSeries('1d');
  for (let i = 0; i < 3; i++) bars.add(trade(i, T0 + i, 9_007_199_254_740_991, 1));
  assert.is(bars.open()!.quoteVolume, 27_021_597_764_222_973n);
});

test.run();
