import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createTimeLink, type LinkedChart, type TimeWindow } from '../../../services/dashboard/src/chart/time-link.ts';

/** A chart that remembers what it was told to show. */
function chartOf(options: { newestS: number; width?: number }) {
  const shown: TimeWindow[] = [];
  const state = { newestS: options.newestS, isReady: true, isMoving: false };
  const chart: LinkedChart = {
    isReady: () => state.isReady,
    width: () => options.width ?? 700,
    newestS: () => state.newestS,
    show: (window) => void shown.push(window),
    isMoving: () => state.isMoving,
    stopMoving() {
      state.isMoving = false;
    },
  };
  return { chart, state, shown, last: () => shown.at(-1) };
}

const linkOf = () => createTimeLink({ stepS: 1, schedule: (task) => task() });

test('begins with the newest of all charts, and as many steps as are wide enough', () => {
  const link = linkOf();
  const [one, other] = [chartOf({ newestS: 900 }), chartOf({ newestS: 1_000 })];
  for (const { chart } of [one, other]) link.join(chart);
  link.settle(one.chart);
  assert.equal(
    [one.last(), other.last()],
    [
      { fromS: 904, toS: 1_004 },
      { fromS: 904, toS: 1_004 },
    ],
  );
});

test('nothing is shown before there is a value, or a width', () => {
  const link = linkOf();
  const one = chartOf({ newestS: Number.NEGATIVE_INFINITY });
  link.join(one.chart);
  link.settle(one.chart);
  one.state.newestS = 50;
  one.state.isReady = false;
  link.settle(one.chart);
  assert.equal(one.shown, []);
});

test('follows the newest value while that is shown, and not once the user has gone back', () => {
  const link = linkOf();
  const [one, other] = [chartOf({ newestS: 1_000 }), chartOf({ newestS: 1_000 })];
  for (const { chart } of [one, other]) link.join(chart);
  link.settle(one.chart);
  one.state.newestS = 1_003;
  link.settle(one.chart);
  assert.equal(other.last(), { fromS: 907, toS: 1_007 });
  link.moved({ fromS: 800, toS: 900 });
  assert.equal(
    [one.last(), other.last()],
    [
      { fromS: 800, toS: 900 },
      { fromS: 800, toS: 900 },
    ],
  );
  one.state.newestS = 1_010;
  link.settle(one.chart);
  assert.equal(other.last(), { fromS: 800, toS: 900 });
  link.showLatest();
  assert.equal(other.last(), { fromS: 914, toS: 1_014 });
});

test('a chart that is being moved is left alone, and the others follow it', () => {
  const link = linkOf();
  const [one, other] = [chartOf({ newestS: 1_000 }), chartOf({ newestS: 1_000 })];
  for (const { chart } of [one, other]) link.join(chart);
  link.settle(one.chart);
  const count = one.shown.length;
  one.state.isMoving = true;
  link.moved({ fromS: 700, toS: 800 });
  link.settle(one.chart);
  assert.is(one.shown.length, count);
  assert.equal(other.last(), { fromS: 700, toS: 800 });
});

test('the keys also move the chart that the user has just let go of', () => {
  const link = linkOf();
  const [one, other] = [chartOf({ newestS: 1_000 }), chartOf({ newestS: 1_000 })];
  for (const { chart } of [one, other]) link.join(chart);
  link.settle(one.chart);
  one.state.isMoving = true;
  link.moved({ fromS: 700, toS: 800 });
  link.pan(10);
  assert.equal(
    [one.last(), other.last()],
    [
      { fromS: 710, toS: 810 },
      { fromS: 710, toS: 810 },
    ],
  );
});

test('keys pan and zoom, and an instant is brought into the middle', () => {
  const link = createTimeLink({ stepS: 60, schedule: (task) => task() });
  const one = chartOf({ newestS: 60_000, width: 70 });
  link.join(one.chart);
  link.settle(one.chart);
  assert.equal(one.last(), { fromS: 59_640, toS: 60_240 });
  link.pan(-10);
  assert.equal(one.last(), { fromS: 59_040, toS: 59_640 });
  link.zoom(0.5);
  assert.equal(one.last(), { fromS: 59_340, toS: 59_640 }, 'the right edge stays');
  link.showTime(50_000);
  assert.equal(one.last(), { fromS: 49_850, toS: 50_150 });
});

test('the cursor goes when the pointer leaves its chart, or the chart goes, and not when another does', () => {
  const link = linkOf();
  const [one, other] = [chartOf({ newestS: 1 }), chartOf({ newestS: 1 })];
  const end = link.join(one.chart);
  link.point({ timeS: 5, chart: one.chart });
  link.leave(other.chart);
  assert.is(link.cursor.get()?.timeS, 5);
  link.leave(one.chart);
  assert.is(link.cursor.get(), null);
  link.point({ timeS: 6, chart: one.chart });
  end();
  assert.is(link.cursor.get(), null);
});

test.run();
