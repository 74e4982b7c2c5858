import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  bestLevels,
  bestSteps,
  bestTick,
  clearLadder,
  createLadder,
  type Ladder,
  ladderSize,
  setLevels,
  stepsAt,
} from '../../../operators/book/ladder.ts';
import type { Level } from '../market-events.ts';
import { naiveLevels } from './naive-book.ts';

const test = suite('operators/book/ladder');

const WINDOW = 1 << 16;

function set(ladder: Ladder, changes: readonly Level[]): void {
  const ticks = Float64Array.from(changes, ([tick]) => tick);
  const steps = Float64Array.from(changes, ([, step]) => step);
  setLevels(ladder, ticks, 0, steps, 0, changes.length);
}

/** All levels, best first, ticks and steps in turn. */
function all(ladder: Ladder, count = 1_000): number[] {
  const ticks = new Float64Array(count);
  const steps = new Float64Array(count);
  const written = bestLevels(ladder, count, ticks, steps);
  return Array.from({ length: written }, (_, n) => [ticks[n]!, steps[n]!]).flat();
}

for (const side of ['bid', 'ask'] as const) {
  const isBid = side === 'bid';
  /** Ticks in the order in which the side ranks them. */
  const better = (tick: number, by: number): number => (isBid ? tick + by : tick - by);

  test(`a ${side} ladder is empty at first, and after it was cleared`, () => {
    const ladder = createLadder(side);
    const assertEmpty = (): void => {
      assert.ok(Number.isNaN(bestTick(ladder)));
      assert.is(bestSteps(ladder), 0);
      assert.is(ladderSize(ladder), 0);
      assert.equal(all(ladder), []);
    };
    assertEmpty();
    set(ladder, [
      [618_000, 5],
      [1, 7],
      [9_000_000, 8],
    ]);
    assert.is(ladderSize(ladder), 3);
    clearLadder(ladder);
    assertEmpty();
    set(ladder, [[618_001, 4]]);
    assert.equal(all(ladder), [618_001, 4]);
  });

  test(`the best level of a ${side} ladder follows what is set and removed`, () => {
    const ladder = createLadder(side);
    const best = (): number[] => [bestTick(ladder), bestSteps(ladder)];
    set(ladder, [
      [1_000, 3],
      [better(1_000, 5), 4],
    ]);
    assert.equal(best(), [better(1_000, 5), 4]);
    set(ladder, [[better(1_000, 5), 9]]);
    assert.equal(best(), [better(1_000, 5), 9]);
    set(ladder, [[better(1_000, 5), 0]]);
    assert.equal(best(), [1_000, 3]);
    set(ladder, [[better(1_000, 2), 0]]);
    assert.equal(best(), [1_000, 3]);
    set(ladder, [[1_000, 0]]);
    assert.ok(Number.isNaN(bestTick(ladder)));
  });

  test(`a ${side} level that is set and removed in one go, far off, leaves nothing behind`, () => {
    const ladder = createLadder(side);
    set(ladder, [
      [700_000, 5],
      [700_000, 0],
    ]);
    assert.ok(Number.isNaN(bestTick(ladder)));
    set(ladder, [[700_000, 6]]);
    assert.equal(all(ladder), [700_000, 6]);
    set(ladder, [
      [better(700_000, WINDOW), 5],
      [better(700_000, WINDOW), 0],
      [700_000, 0],
    ]);
    assert.ok(Number.isNaN(bestTick(ladder)));
    set(ladder, [[700_001, 6]]);
    assert.equal(all(ladder), [700_001, 6]);
  });

  test(`the window of a ${side} ladder moves with its best price, and keeps every level`, () => {
    const ladder = createLadder(side);
    const expected = new Map<number, number>();
    for (let n = 0; n < 60; n++) {
      const tick = better(2_000_000, n * 7_001);
      set(ladder, [[tick, n + 1]]);
      expected.set(tick, n + 1);
      assert.is(bestTick(ladder), tick);
    }
    assert.equal(all(ladder), naiveLevels(expected, isBid));
    for (const tick of [...expected.keys()].reverse()) {
      assert.equal([bestTick(ladder), bestSteps(ladder)], [tick, expected.get(tick)]);
      set(ladder, [[tick, 0]]);
    }
    assert.is(ladderSize(ladder), 0);
  });

  test(`a ${side} ladder is what a map is, whatever is set and removed`, () => {
    // Near each other, at the edges of the window, around the place where it moves, far off, at zero.
    const centre = fc.constantFrom(
      0,
      1,
      700_000,
      700_000 + WINDOW / 2,
      700_000 - WINDOW / 2,
      700_000 + WINDOW / 8,
      9e9,
    );
    const tick = fc.tuple(centre, fc.integer({ min: -3, max: 3 })).map(([base, by]) => Math.max(0, base + by));
    const anywhere = fc.oneof({ weight: 6, arbitrary: tick }, fc.integer({ min: 0, max: 800_000 }));
    const steps = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9 }));
    const setAndRemoved = anywhere.map((at): Level[] => [
      [at, 5],
      [at, 0],
    ]);
    const change = fc.tuple(anywhere, steps).map((level): Level[] => [level]);
    const batch = fc.array(fc.oneof({ weight: 9, arbitrary: change }, setAndRemoved), { maxLength: 12 });
    const batches = fc.array(
      batch.map((parts) => parts.flat()),
      { maxLength: 25 },
    );
    fc.assert(
      fc.property(batches, (changes) => {
        const ladder = createLadder(side);
        const map = new Map<number, number>();
        for (const batch of changes) {
          set(ladder, batch);
          for (const [at, qty] of batch) {
            if (qty === 0) map.delete(at);
            else map.set(at, qty);
          }
          const expected = naiveLevels(map, isBid);
          assert.is(Number.isNaN(bestTick(ladder)) ? undefined : bestTick(ladder), expected[0]);
          assert.is(bestSteps(ladder), expected[1] ?? 0);
          assert.equal(all(ladder), expected);
          assert.equal(all(ladder, 2), expected.slice(0, 4));
          assert.is(ladderSize(ladder), map.size);
          for (const [at] of batch) assert.is(stepsAt(ladder, at), map.get(at) ?? 0);
        }
      }),
      { numRuns: 150 },
    );
  });
}

test('levels are read from where they lie in an array', () => {
  const ladder = createLadder('bid');
  const values = Float64Array.from([-1, 10, 11, 5, 6, -1]);
  setLevels(ladder, values, 1, values, 3, 2);
  assert.equal(all(ladder), [11, 6, 10, 5]);
});

test.run();
