import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createSeries } from '../../../services/dashboard/src/store/series.ts';
import { createStore } from '../../../services/dashboard/src/store/store.ts';

/** A frame that comes when it is called. */
function manualFrame() {
  const waiting = new Set<() => void>();
  return {
    schedule: (task: () => void) => void waiting.add(task),
    paint() {
      const tasks = [...waiting];
      waiting.clear();
      for (const task of tasks) task();
    },
  };
}

test('listeners hear once a frame, however many changes there were', () => {
  const frame = manualFrame();
  const store = createStore(0, frame.schedule);
  const heard: number[] = [];
  store.subscribe(() => heard.push(store.get()));
  for (let value = 1; value <= 20; value++) store.set(value);
  assert.equal(heard, [], 'nothing before the frame');
  frame.paint();
  assert.equal(heard, [20]);
  frame.paint();
  assert.equal(heard, [20], 'nothing without a change');
});

test('the same value is no change, and who has left hears nothing', () => {
  const frame = manualFrame();
  const store = createStore('a', frame.schedule);
  let count = 0;
  const leave = store.subscribe(() => count++);
  store.set('a');
  frame.paint();
  assert.is(count, 0);
  leave();
  store.set('b');
  frame.paint();
  assert.is(count, 0);
});

const at = (timeS: number, value = 0) => ({ timeS, value });
const now = (task: () => void) => task();

test('a series takes new items at its end without asking for a whole drawing', () => {
  const series = createSeries<{ timeS: number; value: number }>(10, now);
  series.put(at(1));
  series.put(at(2));
  series.put(at(2, 5));
  assert.equal(series.get(), [at(1), at(2, 5)]);
  assert.is(series.revision(), 0);
});

test('a late item goes to its place, and that is told by the revision', () => {
  const series = createSeries<{ timeS: number; value: number }>(10, now);
  for (const item of [at(1), at(3), at(2)]) series.put(item);
  assert.equal(
    series.get().map(({ timeS }) => timeS),
    [1, 2, 3],
  );
  assert.is(series.revision(), 1);
  series.put(at(1, 7));
  assert.is(series.get()[0]?.value, 7);
  assert.is(series.revision(), 2);
});

test('history goes beneath what came live meanwhile', () => {
  const series = createSeries<{ timeS: number; value: number }>(10, now);
  series.put(at(5, 50));
  series.put(at(6, 60));
  series.load([at(6, 1), at(4, 1), at(5, 1), at(3, 1)]);
  assert.equal(series.get(), [at(3, 1), at(4, 1), at(5, 50), at(6, 60)]);
});

test('a series does not grow over its limit by more than a quarter, for hours', () => {
  const series = createSeries<{ timeS: number; value: number }>(100, now);
  let longest = 0;
  for (let timeS = 0; timeS < 20_000; timeS++) {
    series.put(at(timeS));
    longest = Math.max(longest, series.get().length);
  }
  assert.ok(longest <= 125, `${longest} items`);
  assert.is(series.get().at(-1)?.timeS, 19_999);
  assert.ok(series.revision() < 20_000 / 25 + 1, 'it is trimmed in lots');
});

test.run();
