import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatTime, parseTimeFlag } from '../../../services/cli/time.ts';

const test = suite('services/cli/time');

const NOW_US = 1_723_161_255_030_314;
const micros = (text: string): number => parseTimeFlag('from', text, NOW_US).timeUs;

test('reads RFC 3339, with UTC and midnight where they are left out', () => {
  assert.is(micros('2024-08-09T00:00:00Z'), Date.UTC(2024, 7, 9) * 1000);
  assert.is(micros('2024-08-09'), Date.UTC(2024, 7, 9) * 1000);
  assert.is(micros('2024-08-09T02:00:00+02:00'), Date.UTC(2024, 7, 9) * 1000);
  assert.is(micros('2024-08-09T00:30'), Date.UTC(2024, 7, 9, 0, 30) * 1000);
  assert.is(micros('2024-08-09t00:00:00.030314z'), Date.UTC(2024, 7, 9) * 1000 + 30_314);
});

test('reads ages', () => {
  assert.is(micros('-15m'), NOW_US - 900e6);
  assert.is(micros('-1.5h'), NOW_US - 5_400e6);
  assert.is(micros('-2d'), NOW_US - 172_800e6);
  assert.is(micros('now'), NOW_US);
});

test('reads entry ids, and keeps them', () => {
  assert.equal(parseTimeFlag('from', '1723161255088-7', NOW_US), {
    timeUs: 1723161255088000,
    entryId: '1723161255088-7',
  });
  assert.is(parseTimeFlag('from', '1723161255088-7:3', NOW_US).entryId, '1723161255088-7');
});

test('refuses everything else, naming the flag', () => {
  for (const text of ['', 'yesterday', '2024-02-30', '2024-13-01', '-15', '15m', '2024-08-09T25:00', '1723161255088'])
    assert.throws(() => micros(text), /--from: expected a time such as .* found /, text);
});

test('writes times as precise as they are, and reads them back', () => {
  assert.is(formatTime(NOW_US), '2024-08-08T23:54:15.030314Z');
  assert.is(formatTime(1723161255030000), '2024-08-08T23:54:15.030Z');
  assert.is(micros(formatTime(NOW_US)), NOW_US);
});

test.run();
