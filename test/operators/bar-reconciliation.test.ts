import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ClosedKline,
  type Reconciliation,
  reconcileBars,
  type TradedBar,
} from '../../operators/bar-reconciliation.ts';
import { bars, type RecordingEnd } from '../../operators/bars.ts';
import { createScale } from '../../streams/events/scale.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { randomTrades } from './market-events.ts';

const test = suite('operators/bar-reconciliation');

const MINUTE_MS = 60_000;

function bar(minute: number, volume = 10, others: Partial<TradedBar> = {}): TradedBar {
  return {
    openTimeMs: minute * MINUTE_MS,
    open: 100.1,
    high: 101,
    low: 99.9,
    close: 100.5,
    volume,
    quoteVolume: volume * 100,
    buyVolume: 4,
    trades: 2 * volume,
    isWhole: true,
    ...others,
  };
}

function kline(minute: number, volume = 10, others: Partial<ClosedKline> = {}): ClosedKline {
  const { isWhole: _, ...values } = bar(minute, volume);
  return { ...values, ...others };
}

const counts = ({ compared, differing, late, missingBars, missingKlines, notCompared }: Reconciliation) => ({
  compared,
  differing,
  late,
  missingBars,
  missingKlines,
  notCompared,
});
const NONE = { compared: 0, differing: 0, late: 0, missingBars: 0, missingKlines: 0, notCompared: 0 };

const told = ({ differences }: Reconciliation) =>
  differences.map(({ openTimeMs, field, traded, kline: said, difference }) => [
    openTimeMs / MINUTE_MS,
    field,
    traded,
    said,
    difference,
  ]);

test('says nothing of what is equal', () => {
  const found = reconcileBars({ bars: [bar(1), bar(2)], klines: [kline(1), kline(2)] });
  assert.equal(found, { ...NONE, compared: 2, fields: {}, differences: [] });
  assert.equal(counts(reconcileBars({ bars: [], klines: [] })), NONE);
});

test('names each field that differs, by how much, and the most of it', () => {
  const others = { open: 100, high: 101.5, low: 99, close: 100, quoteVolume: 999, buyVolume: 4.5, trades: 19 };
  const found = reconcileBars({
    bars: [bar(1), bar(2), bar(3), bar(4)],
    klines: [kline(1), kline(2, 10.25, others), kline(3), kline(4, 10, { trades: 25 })],
  });
  assert.equal(told(found), [
    [2, 'open', 100.1, 100, 100.1 - 100],
    [2, 'high', 101, 101.5, -0.5],
    [2, 'low', 99.9, 99, 99.9 - 99],
    [2, 'close', 100.5, 100, 0.5],
    [2, 'volume', 10, 10.25, -0.25],
    [2, 'quoteVolume', 1_000, 999, 1],
    [2, 'buyVolume', 4, 4.5, -0.5],
    [2, 'trades', 20, 19, 1],
    [4, 'trades', 20, 25, -5],
  ]);
  assert.equal(counts(found), { ...NONE, compared: 4, differing: 2 });
  assert.equal(found.fields.trades, { count: 2, largest: 5 });
  assert.equal(found.fields.volume, { count: 1, largest: 0.25 });
});

test('volumes are equal to half a step, prices exactly', () => {
  const differing = (others: Partial<ClosedKline>, stepSize?: number): number =>
    reconcileBars({ bars: [bar(1), bar(2)], klines: [kline(1, 10, others), kline(2)], stepSize }).differing;
  assert.is(differing({ volume: 10.0004, buyVolume: 3.9996 }, 0.001), 0);
  assert.is(differing({ volume: 10.001 }, 0.001), 1);
  assert.is(differing({ buyVolume: 4.001 }, 0.001), 1);
  assert.is(differing({ volume: 10.0004 }), 1, 'without a step as sums are');
  assert.is(differing({ volume: 10 + 5e-9, quoteVolume: 1_000 + 5e-7 }), 0);
  assert.is(differing({ quoteVolume: 1_000 + 5e-6 }, 0.001), 1);
  assert.is(differing({ close: 100.5 + 1e-12 }, 0.001), 1);
});

test('what a source of klines does not say is not compared', () => {
  const nulls = { volume: null, quoteVolume: null, buyVolume: null, trades: null };
  const found = reconcileBars({ bars: [bar(1), bar(2), bar(4)], klines: [1, 2, 3, 4].map((n) => kline(n, 10, nulls)) });
  assert.equal(counts(found), { ...NONE, compared: 3, notCompared: 1 });
});

test('compares only bars of which no trade is missing', () => {
  const broken = { isWhole: false };
  const found = reconcileBars({
    bars: [bar(1, 10, broken), bar(2), bar(3, 10, broken), bar(6, 10, broken), bar(7), bar(8, 10, broken)],
    klines: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => kline(n, n === 2 || n === 7 ? 10 : 11)),
  });
  assert.equal(told(found), [], 'minutes 4 and 5 are in a gap, 0 and 9 before and after the recording');
  assert.equal(counts(found), { ...NONE, compared: 2, notCompared: 8 });
});

test('the trades behind the newest bar are not known yet', () => {
  const found = reconcileBars({ bars: [bar(1), bar(2)], klines: [kline(1), kline(2), kline(3)] });
  assert.equal(counts(found), { ...NONE, compared: 2, notCompared: 1 });
});

test('a kline without a bar is right where it has no volume', () => {
  const found = reconcileBars({ bars: [bar(1), bar(4)], klines: [kline(1), kline(2, 0), kline(3, 5), kline(4)] });
  assert.equal(told(found), [[3, 'missing bar', null, 5, null]]);
  assert.equal(counts(found), { ...NONE, compared: 4, differing: 1, missingBars: 1 });
});

test('a bar without a kline is missing one, but the newest may wait for it', () => {
  const found = reconcileBars({ bars: [bar(1), bar(2), bar(3)], klines: [kline(2)] });
  assert.equal(told(found), [[1, 'missing kline', 10, null, null]]);
  assert.equal(counts(found), { ...NONE, compared: 2, differing: 1, missingKlines: 1, notCompared: 1 });
  const behind = reconcileBars({ bars: [bar(1), bar(2), bar(3)], klines: [kline(1)] });
  assert.equal(told(behind), [[2, 'missing kline', 10, null, null]]);
});

const late = (made: readonly TradedBar[], said: readonly ClosedKline[]): number[] => {
  const { differences } = reconcileBars({ bars: made, klines: said, stepSize: 0.001 });
  return [...new Set(differences.filter(({ isLate }) => isLate).map(({ openTimeMs }) => openTimeMs / MINUTE_MS))];
};

test('what one bar lacks and a later one has too much is of trades that came late', () => {
  const klines = [1, 2, 3, 4, 5].map((n) => kline(n));
  const made = (...volumes: readonly number[]) => volumes.map((volume, n) => bar(n + 1, volume));
  assert.equal(late(made(10, 9, 11, 10, 10), klines), [2, 3]);
  assert.equal(late(made(10, 7, 11, 12, 10), klines), [2, 3, 4], 'in two bars');
  assert.equal(late(made(10, 9, 10, 11, 10), klines), [2, 4], 'two bars later');
  assert.equal(late(made(9, 11, 9, 11, 10), klines), [1, 2, 3, 4], 'twice');
  assert.equal(late(made(10, 11, 9, 10, 10), klines), [], 'no trade comes early');
  assert.equal(late(made(10, 9, 12, 9, 10), klines), [], 'more than was lacking');
  assert.equal(late(made(10, 9, 10, 10, 10), klines), [], 'lost');
  assert.equal(late([bar(1), bar(2, 9), bar(3, 11, { trades: 21 }), bar(4)], klines), [], 'not in as many trades');
  assert.equal(late([bar(1), bar(2, 9), bar(3, 12, { trades: 22 }), bar(4)], klines), [], 'not as much volume');
  const broken = bar(3, 10, { isWhole: false });
  assert.equal(late([bar(1), bar(2, 9), broken, bar(4, 11), bar(5)], klines), [], 'not across what is not known');
  assert.equal(late([bar(1), bar(3, 20), bar(4), bar(5)], klines), [2, 3], 'a bar of which all trades came late');
});

test('with the bars of late trades, all that differs is explained by them, and nothing without', () => {
  const scale = createScale('0.10', '0.001');
  const whole = (trades: readonly Trade[], isLogOrder: boolean) => {
    const intervalMs = 1_000;
    const { initialState, evolve, project } = bars({ intervalMs });
    // The exchange cuts its trades, in their order, by their times.
    const second = ({ transactionTimeMs }: Trade): number => Math.floor(transactionTimeMs / intervalMs);
    const sorted = [...trades].sort((one, other) => second(one) - second(other));
    let state = initialState();
    const events: (Trade | RecordingEnd)[] = [...(isLogOrder ? trades : sorted), { type: 'recordingEnd' }];
    return events.flatMap((event): TradedBar[] => {
      state = evolve(state, event);
      const made = project(state, event);
      if (made === undefined) return [];
      return [
        {
          openTimeMs: made.openTimeMs,
          open: scale.price.toNumber(made.openTicks),
          high: scale.price.toNumber(made.highTicks),
          low: scale.price.toNumber(made.lowTicks),
          close: scale.price.toNumber(made.closeTicks),
          volume: scale.qty.toNumber(made.volumeSteps),
          quoteVolume: scale.toNotional(made.quoteVolume),
          buyVolume: scale.qty.toNumber(made.buyVolumeSteps),
          trades: made.trades,
          isWhole: made.isWhole,
        },
      ];
    });
  };
  const trades = randomTrades(91, 3_000);
  const klines = whole(trades, false);
  const found = reconcileBars({ bars: whole(trades, true), klines, stepSize: 0.001 });
  assert.ok(found.differing > 10 && found.compared > 300, `${found.differing} of ${found.compared}`);
  assert.is(found.late, found.differing);
  const lost = trades.filter((_, n) => n !== 1_500);
  const less = reconcileBars({ bars: whole(lost, true), klines, stepSize: 0.001 });
  assert.is(less.differing - less.late, 1);
  assert.is(reconcileBars({ bars: klines, klines, stepSize: 0.001 }).differing, 0);
});

test.run();
