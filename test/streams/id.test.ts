import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compareEntryIds,
  compareEventIds,
  formatEventId,
  importEntryId,
  nextEntryId,
  parseEntryId,
  parseEventId,
} from '../../streams/id.ts';

const test = suite('streams/id');
const number = fc.maxSafeNat();
const id = fc.tuple(number, number).map(([ms, n]) => `${ms}-${n}`);

test('orders by number, not by text', () => {
  assert.ok(compareEntryIds('9-0', '10-0') < 0);
  assert.ok(compareEntryIds('5-10', '5-9') > 0);
  assert.is(compareEntryIds('5-9', '5-9'), 0);
  assert.ok(compareEventIds('5-9:10', '5-9:9') > 0);
  assert.ok(compareEventIds('5-9:10', '5-10:0') < 0);
});

test('the next id is the least above', () => {
  assert.is(nextEntryId('5-9'), '5-10');
  assert.is(nextEntryId(`5-${Number.MAX_SAFE_INTEGER}`), '6-0');
  fc.assert(fc.property(id, (one) => compareEntryIds(nextEntryId(one), one) > 0));
});

test('reads what it writes', () => {
  fc.assert(
    fc.property(id, fc.nat(999_999_999), (entryId, index) => {
      assert.equal(parseEventId(formatEventId(entryId, index)), { entryId, index });
    }),
  );
  assert.equal(parseEntryId('1723161255088-3'), { ms: 1_723_161_255_088, n: 3 });
});

test('refuses what is no id, saying so', () => {
  for (const text of ['', '5', '5-', '-5', '5-x', '5-9-1', ' 5-9', '99999999999999999-0'])
    assert.throws(() => parseEntryId(text), /entry id: expected <ms>-<n>/, text);
  for (const text of ['5-9', '5-9:', '5-9:x', '5:3'])
    assert.throws(() => parseEventId(text), /event id: expected/, text);
});

test('ids of an import rise, whatever its times do', () => {
  assert.is(importEntryId(1_723_161_255_088_999, undefined), '1723161255088-0');
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1_000, max: 9_999 })), (timesUs) => {
      let previous: string | undefined;
      for (const timeUs of timesUs) {
        const next = importEntryId(timeUs, previous);
        if (previous !== undefined) assert.ok(compareEntryIds(next, previous) > 0, `${next} after ${previous}`);
        previous = next;
      }
    }),
  );
  assert.throws(() => importEntryId(Number.NaN, undefined), /receiveTimeUs: expected/);
});

test.run();
