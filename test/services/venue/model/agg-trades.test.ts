import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AggTrade, aggTradeBuilder, aggTradeStore } from '../../../../services/venue/model/agg-trades.ts';

function built(pace = 1) {
  const closed: AggTrade[] = [];
  const builder = aggTradeBuilder(50, pace, (trade) => void closed.push(trade));
  let id = 1;
  const add = (timeMs: number, priceTicks: number, qtySteps: number, isBuyerMaker = false) =>
    builder.add({ id: id++, timeMs, priceTicks, qtySteps, isBuyerMaker });
  return { builder, closed, add };
}

test('joins trades at one price and side within 100 ms, and nothing else', () => {
  const { add, closed, builder } = built();
  add(0, 10, 1);
  add(100, 10, 2);
  add(101, 10, 4);
  add(102, 11, 8);
  add(103, 11, 16, true);
  builder.release();
  assert.equal(
    closed.map(({ id, qtySteps, firstTradeId, lastTradeId }) => [id, qtySteps, firstTradeId, lastTradeId]),
    [
      [50, 3, 1, 2],
      [51, 4, 3, 3],
      [52, 8, 4, 4],
      [53, 16, 5, 5],
    ],
  );
});

test('is due 150 ms after the first trade, less at a faster pace', () => {
  const { add, builder, closed } = built(10);
  assert.is(builder.releaseAtMs(), Number.POSITIVE_INFINITY);
  add(40, 10, 1);
  assert.is(builder.releaseAtMs(), 55);
  builder.release();
  builder.release();
  assert.is(closed.length, 1);
});

test('keeps the latest in a ring and finds them by id, by time, or from the end', () => {
  const store = aggTradeStore(100, 8);
  for (let i = 0; i < 20; i++) {
    store.push({
      id: 100 + i,
      timeMs: 1000 + 10 * i,
      priceTicks: i,
      qtySteps: 1,
      firstTradeId: i,
      lastTradeId: i,
      isBuyerMaker: i % 2 === 1,
    });
  }
  const select = (query: { fromId?: number; startTimeMs?: number; endTimeMs?: number; limit: number }) =>
    store
      .select({ fromId: undefined, startTimeMs: undefined, endTimeMs: undefined, ...query })
      .map(({ id }) => id - 100);
  assert.equal(select({ limit: 3 }), [17, 18, 19]);
  assert.equal(select({ fromId: 1, limit: 2 }), [12, 13], 'the oldest kept');
  assert.equal(select({ fromId: 119, limit: 5 }), [19]);
  assert.equal(select({ startTimeMs: 1145, limit: 2 }), [15, 16]);
  assert.equal(select({ endTimeMs: 1140, limit: 2 }), [13, 14]);
  assert.equal(select({ startTimeMs: 1145, endTimeMs: 1160, limit: 9 }), [15, 16]);
  assert.equal(select({ startTimeMs: 5000, limit: 9 }), []);
  assert.is(
    store.select({ fromId: 113, startTimeMs: undefined, endTimeMs: undefined, limit: 1 })[0]?.isBuyerMaker,
    true,
  );
});

test.run();
