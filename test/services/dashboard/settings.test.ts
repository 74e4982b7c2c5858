import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSettings } from '../../../services/dashboard/src/settings/settings.ts';

const DEFAULTS = parseSettings(null);

test('nothing stored, or nothing readable, gives the defaults', () => {
  assert.is(DEFAULTS.theme, 'system');
  assert.is(DEFAULTS.interval, null);
  for (const text of ['', '{', 'null', '[]', '7', '"dark"']) assert.equal(parseSettings(text), DEFAULTS, text);
});

test('what is known is kept, and the rest takes its default', () => {
  const stored = { theme: 'light', interval: '1s', bookTicks: 100, features: ['queue_imbalance', 'nonsense'], x: 1 };
  assert.equal(parseSettings(JSON.stringify(stored)), {
    theme: 'light',
    interval: '1s',
    bookTicks: 100,
    features: ['queue_imbalance'],
    instrument: null,
  });
  assert.equal(parseSettings('{"theme":"pink","bookTicks":"10","features":[],"instrument":5}'), DEFAULTS);
});

test.run();
