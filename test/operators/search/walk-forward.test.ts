import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type WalkForwardWindow, walkForward } from '../../../operators/search/walk-forward.ts';

const test = suite('operators/search/walk-forward');
const OPTIONS = { fromMs: 100, toMs: 200, trainMs: 40, testMs: 20, purgeMs: 3, embargoMs: 2, isAnchored: false };

const numbers = ({ trainFromMs, trainToMs, testFromMs, testToMs }: WalkForwardWindow) => [
  trainFromMs,
  trainToMs,
  testFromMs,
  testToMs,
];

test('moves on by the test span, with purge and embargo between', () => {
  assert.equal(walkForward(OPTIONS).map(numbers), [
    [100, 140, 145, 165],
    [120, 160, 165, 185],
  ]);
});

test('anchored, training grows from the beginning', () => {
  assert.equal(walkForward({ ...OPTIONS, isAnchored: true }).map(numbers), [
    [100, 140, 145, 165],
    [100, 160, 165, 185],
  ]);
});

test('a window that fits to the last instant is one; without a whole one there is none', () => {
  assert.is(walkForward({ ...OPTIONS, toMs: 165 }).length, 1);
  assert.equal(walkForward({ ...OPTIONS, toMs: 164 }), []);
});

test('lengths that cannot be are named', () => {
  assert.throws(() => walkForward({ ...OPTIONS, testMs: 0 }), /test: expected at least 1 ms, found 0/);
  assert.throws(() => walkForward({ ...OPTIONS, embargoMs: -1 }), /embargo: expected at least 0 ms, found -1/);
});

test.run();
