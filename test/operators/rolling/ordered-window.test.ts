import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  countBelow,
  createOrderedWindow,
  distanceBelow,
  type OrderedWindow,
  pushOrderedWindow,
  valueAtRank,
} from '../../../operators/rolling/ordered-window.ts';
import { seededRandom } from '../market-events.ts';

const test = suite('operators/rolling/ordered-window');

/** Few numbers often and many once, and the two zeros. */
const numbers = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer(), fc.constant(-0)), { maxLength: 150 });

/** The tree, numbers in brackets below their node; that it keeps its order is checked on the way. */
function shapeOf({ values, priorities, left, right, times, counts, root }: OrderedWindow): string {
  const of = (node: number): string => {
    if (node === 0) return '';
    for (const child of [left[node]!, right[node]!].filter((child) => child !== 0))
      assert.ok(priorities[child]! <= priorities[node]!, 'a child is not above its parent');
    assert.is(counts[node]!, counts[left[node]!]! + times[node]! + counts[right[node]!]!);
    return `(${of(left[node]!)}${values[node]}×${times[node]}${of(right[node]!)})`;
  };
  return of(root);
}

test('ranks, counts and distances are those of a sorted window, also saved and loaded in between', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), numbers, (size, values) => {
      let window = createOrderedWindow(size);
      for (const [n, value] of values.entries()) {
        const replaced = n < size ? 0 : values[n - size]!;
        assert.is(pushOrderedWindow(window, value) + 0, replaced + 0);
        const sorted = values.slice(Math.max(0, n + 1 - size), n + 1).toSorted((a, b) => a - b);
        for (const [rank, expected] of sorted.entries()) assert.is(valueAtRank(window, rank) + 0, expected + 0);
        for (const limit of [...sorted, 0.5, -3e9, 3e9]) {
          const below = sorted.filter((each) => each < limit);
          assert.is(countBelow(window, limit), below.length);
          assert.is(
            distanceBelow(window, limit),
            below.reduce((total, each) => total + (limit - each), 0),
          );
        }
        if (n % 7 === 0) window = deserialize(serialize(window));
      }
    }),
  );
});

test('the tree depends on what is in the window only, not on how it came there', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), numbers, fc.infiniteStream(fc.nat()), (size, before, order) => {
      const last = before.slice(-size);
      const [one, other] = [createOrderedWindow(size), createOrderedWindow(size)];
      for (const value of before) pushOrderedWindow(one, value);
      const shuffled = last.map((value) => ({ value, key: order.next().value as number }));
      for (const { value } of shuffled.sort((a, b) => a.key - b.key)) pushOrderedWindow(other, value);
      assert.is(shapeOf(one), shapeOf(other));
    }),
  );
});

test('a window of 10 000 is some thirty nodes deep, whether numbers rise, fall, repeat or jump', () => {
  const random = seededRandom(9);
  const depthOf = ({ left, right }: OrderedWindow, node: number): number =>
    node === 0
      ? 0
      : 1 +
        Math.max(
          depthOf({ left, right } as OrderedWindow, left[node]!),
          depthOf({ left, right } as OrderedWindow, right[node]!),
        );
  const kinds: Record<string, (n: number) => number> = {
    rising: (n) => n,
    falling: (n) => -n / 10,
    repeating: (n) => n % 1_000,
    jumping: () => random(),
  };
  for (const [kind, of] of Object.entries(kinds)) {
    const window = createOrderedWindow(10_000);
    for (let n = 0; n < 30_000; n++) pushOrderedWindow(window, of(n));
    const depth = depthOf(window, window.root);
    assert.ok(depth < 45, `${kind}: ${depth}`);
  }
});

test('distances keep their digits where the numbers are large, in windows of 10 000', () => {
  const random = seededRandom(5);
  const offsets = Array.from({ length: 30_000 }, () => Math.floor(random() * 1_000) / 1_024);
  const window = createOrderedWindow(10_000);
  for (const offset of offsets) pushOrderedWindow(window, 1e9 + offset);
  const expected = offsets
    .slice(-10_000)
    .filter((offset) => offset < 0.5)
    .reduce((total, offset) => total + (0.5 - offset), 0);
  const found = distanceBelow(window, 1e9 + 0.5);
  assert.ok(Math.abs(found / expected - 1) < 1e-13, `expected ${expected}, found ${found}`);
});

test.run();
