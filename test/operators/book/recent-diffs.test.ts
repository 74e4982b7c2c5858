import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  clearDiffs,
  createRecentDiffs,
  pushDiff,
  type RecentDiffs,
  recentDiff,
} from '../../../operators/book/recent-diffs.ts';
import type { DepthUpdate } from '../../../streams/events/depth-update.ts';
import { diff, type Level } from '../market-events.ts';

const test = suite('operators/book/recent-diffs');

const DIFFS_MAX = 512;
const NUMBERS_MAX = 32_768;
const numbersOf = ({ bids, asks }: DepthUpdate): number => 4 + 2 * (bids.count + asks.count);
const someLevels = (count: number, seed: number): Level[] =>
  Array.from({ length: count }, (_, n) => [seed + n, seed * n]);

/** All that is kept, diff by diff. */
function kept(diffs: RecentDiffs): unknown[] {
  return Array.from({ length: diffs.count }, (_, index) => {
    const { values, bids, asks, bidTicks, bidSteps, askTicks, askSteps, ...ids } = recentDiff(diffs, index);
    const part = (from: number, count: number) => [...values.subarray(from, from + count)];
    const sides = [part(bidTicks, bids), part(bidSteps, bids), part(askTicks, asks), part(askSteps, asks)];
    return [ids.previousFinalUpdateId, ids.finalUpdateId, ...sides];
  });
}

function plain({ previousFinalUpdateId, finalUpdateId, bids, asks }: DepthUpdate): unknown {
  const part = (values: Float64Array, count: number) => [...values.subarray(0, count)];
  const sides = [
    part(bids.ticks, bids.count),
    part(bids.steps, bids.count),
    part(asks.ticks, asks.count),
    part(asks.steps, asks.count),
  ];
  return [previousFinalUpdateId, finalUpdateId, ...sides];
}

test('keeps the last diffs whole, as many as its bounds allow', () => {
  const size = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.nat(30), fc.nat(30)) },
    { weight: 2, arbitrary: fc.tuple(fc.nat(4_000), fc.nat(2_000)) },
    { weight: 1, arbitrary: fc.constantFrom<[number, number]>([16_382, 0], [0, 16_382], [8_191, 8_191]) },
  );
  fc.assert(
    fc.property(fc.array(size, { maxLength: 60 }), (sizes) => {
      const diffs = createRecentDiffs();
      let list: DepthUpdate[] = [];
      for (const [n, [bids, asks]] of sizes.entries()) {
        const added = diff([n, n + 1], someLevels(bids, n), someLevels(asks, n + 7));
        pushDiff(diffs, added);
        list.push(added);
        const total = () => list.reduce((sum, item) => sum + numbersOf(item), 0);
        while (total() > NUMBERS_MAX) list = list.slice(1);
      }
      assert.equal(kept(diffs), list.map(plain));
    }),
    { numRuns: 60 },
  );
});

test('keeps so many diffs, however small they are', () => {
  const diffs = createRecentDiffs();
  for (let n = 0; n < 3 * DIFFS_MAX + 5; n++) pushDiff(diffs, diff([n, n + 1], [[n, 1]]));
  assert.is(diffs.count, DIFFS_MAX);
  assert.is(recentDiff(diffs, 0).finalUpdateId, 2 * DIFFS_MAX + 6);
  assert.is(recentDiff(diffs, DIFFS_MAX - 1).finalUpdateId, 3 * DIFFS_MAX + 5);
});

test('a diff that is too large to keep leaves none, since the chain would have a hole', () => {
  const diffs = createRecentDiffs();
  pushDiff(diffs, diff([0, 1], [[5, 1]]));
  pushDiff(diffs, diff([1, 2], someLevels(16_383, 1)));
  assert.is(diffs.count, 0);
  pushDiff(diffs, diff([2, 3], [[6, 1]]));
  assert.is(diffs.count, 1);
});

test('copies what it keeps', () => {
  const diffs = createRecentDiffs();
  const lent = diff([0, 1], [[5, 1]]);
  pushDiff(diffs, lent);
  lent.bids.ticks.fill(-9);
  assert.equal(kept(diffs), [[0, 1, [5], [1], [], []]]);
});

test('holds nothing after it was cleared', () => {
  const diffs = createRecentDiffs();
  pushDiff(diffs, diff([0, 1], [[5, 1]]));
  clearDiffs(diffs);
  assert.equal(kept(diffs), []);
  pushDiff(diffs, diff([4, 5], [[6, 1]]));
  assert.equal(kept(diffs), [[4, 5, [6], [1], [], []]]);
});

test.run();
