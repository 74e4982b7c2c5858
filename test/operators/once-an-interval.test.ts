import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { onceAnInterval } from '../../operators/once-an-interval.ts';
import { testProjectionContract } from '../support/projection-contract.ts';
import { randomTrades } from './market-events.ts';

const test = suite('operators/once-an-interval');

const times = (...list: number[]) => list.map((transactionTimeMs) => ({ transactionTimeMs }));

function passed(list: readonly number[], intervalMs = 1_000): number[] {
  const { initialState, evolve, project } = onceAnInterval({ intervalMs });
  let state = initialState();
  return times(...list).flatMap((event) => {
    state = evolve(state, event);
    return project(state, event)?.transactionTimeMs ?? [];
  });
}

testProjectionContract(test, 'once an interval', {
  projection: onceAnInterval({ intervalMs: 1_000 }),
  events: () => times(0, 500, 999, 1_000, 1_500, 4_000),
  firstOutput: 0,
});

test('passes the first event of each interval', () => {
  assert.equal(passed([1_700, 1_999, 2_000, 2_001, 5_500, 6_200]), [1_700, 2_000, 5_500, 6_200]);
});

test('passes nothing of an interval that was left', () => {
  assert.equal(passed([1_700, 2_000, 1_999, 2_300, 3_000]), [1_700, 2_000, 3_000]);
});

test('of many events it passes those that a plain look at the intervals finds', () => {
  const list = randomTrades(5, 2_000).map(({ transactionTimeMs }) => transactionTimeMs);
  const intervals = list.map((time) => Math.floor(time / 1_000));
  const plain = list.filter((_, n) => intervals.slice(0, n).every((interval) => interval < intervals[n]!));
  assert.equal(passed(list), plain);
});

test.run();
