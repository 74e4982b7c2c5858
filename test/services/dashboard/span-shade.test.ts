import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mergedSpans, type ShadedSpan } from '../../../services/dashboard/src/chart/span-shade.ts';
import { evenPoints, timesBetween } from '../../../services/dashboard/src/chart/time-axis.ts';

const gap = (fromS: number, toS: number | null): ShadedSpan => ({ fromS, toS, kind: 'gap' });
const invalid = (fromS: number, toS: number | null): ShadedSpan => ({ fromS, toS, kind: 'invalid' });

test('overlapping spans of a kind are one, in whatever order they come', () => {
  assert.equal(mergedSpans([gap(5, 9), gap(1, 2), gap(8, 12), gap(2, 3)]), [gap(1, 3), gap(5, 12)]);
  assert.equal(mergedSpans([gap(1, 10), gap(2, 3)]), [gap(1, 10)], 'one within the other');
});

test('a span that is still open takes in all that begins after it', () => {
  assert.equal(mergedSpans([gap(4, 6), gap(3, null), gap(1, 2)]), [gap(1, 2), gap(3, null)]);
});

test('spans of different kinds stay apart', () => {
  assert.equal(mergedSpans([gap(1, 5), invalid(2, 4)]), [gap(1, 5), invalid(2, 4)]);
});

test('the axis is even: times without an item get an empty point, up to a limit', () => {
  assert.equal(timesBetween(10, 13, 1), [11, 12]);
  assert.equal(timesBetween(60, 120, 60), []);
  assert.equal(timesBetween(0, 100_000, 1), [], 'a long pause is one break');
  const items = [{ timeS: 10 }, { timeS: 12 }, { timeS: 13 }];
  const points = evenPoints(items, {
    from: 0,
    stepS: 1,
    point: ({ timeS }, next) => ({ timeS, nextS: next?.timeS ?? null }),
  });
  assert.equal(points, [{ timeS: 10, nextS: 12 }, { time: 11 }, { timeS: 12, nextS: 13 }, { timeS: 13, nextS: null }]);
});

test('only what is at and behind the first changed item is drawn again', () => {
  const items = [{ timeS: 1 }, { timeS: 2 }, { timeS: 3 }];
  assert.equal(evenPoints(items, { from: 2, stepS: 1, point: ({ timeS }) => timeS }), [3]);
});

test.run();
