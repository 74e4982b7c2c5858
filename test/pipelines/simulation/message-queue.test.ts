import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMessageQueue } from '../../../pipelines/simulation/message-queue.ts';

const test = suite('pipelines/simulation/message-queue');

interface Sent {
  readonly timeUs: number;
  readonly n: number;
}

/** What a sorted list would say, of equal times the one sent first. */
function nextOf(list: readonly Sent[]): Sent | undefined {
  return [...list].sort((one, other) => one.timeUs - other.timeUs || one.n - other.n)[0];
}

test('messages come by their times, of equal times the one sent first, however many are under way', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 9 }) },
    { weight: 2, arbitrary: fc.constant(null) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 300 }), (steps) => {
      const queue = createMessageQueue<number>();
      const list: Sent[] = [];
      let nowUs = 0;
      for (const [n, aheadUs] of steps.entries()) {
        const next = nextOf(list);
        assert.is(queue.nextUs, next?.timeUs ?? Number.POSITIVE_INFINITY);
        if (aheadUs !== null) {
          list.push({ timeUs: nowUs + aheadUs, n });
          queue.push(nowUs + aheadUs, n);
        } else if (next !== undefined) {
          assert.is(queue.shift(), next.n);
          nowUs = next.timeUs;
          list.splice(list.indexOf(next), 1);
        }
      }
    }),
  );
});

test('what is sent over one connection does not overtake what was sent before', () => {
  const queue = createMessageQueue<string>();
  queue.send(10, 'slow');
  queue.send(5, 'quick');
  queue.push(3, 'by itself');
  const came = Array.from({ length: 3 }, () => [queue.nextUs, queue.shift()]);
  assert.equal(came, [
    [3, 'by itself'],
    [10, 'slow'],
    [10, 'quick'],
  ]);
});

test('where none is under way there is none to take', () => {
  const queue = createMessageQueue<string>();
  assert.throws(() => queue.shift(), /expected a message under way, found none/);
  queue.push(1, 'one');
  queue.shift();
  assert.throws(() => queue.shift(), RangeError);
});

test.run();
