import { test } from 'uvu';
import * as assert from 'uvu/assert';

// The page's frames; nothing here waits for one.
Object.assign(globalThis, { requestAnimationFrame: () => 0 });
const { parseSettings, settings, changeSettings } = await import(
  '../../../services/dashboard/src/settings/settings.ts'
);
const { changeAdded, toggleAdded, toggleStreamed } = await import(
  '../../../services/dashboard/src/settings/shown-features.ts'
);
const { addedKey } = await import('../../../services/dashboard/src/market/added-feature.ts');

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
    added: [],
    instrument: null,
  });
  assert.equal(parseSettings('{"theme":"pink","bookTicks":"10","features":[],"instrument":5}'), DEFAULTS);
});

const RSI = {
  name: 'rsi',
  parameters: { period: 14 },
  interval: '1m',
  other: null,
  isCustom: false,
  isShown: true,
} as const;
const FLOW = {
  ...RSI,
  name: 'order_flow_imbalance',
  parameters: { windowMs: 1_000 },
  interval: null,
  isShown: false,
} as const;

test('added features are kept as they were stored, each once, and what is none is left out', () => {
  const stored = [RSI, FLOW, { ...RSI, isShown: false }, { ...RSI, interval: '5m' }, { ...RSI, name: 7 }, null, 'rsi'];
  const damaged = { ...RSI, parameters: { period: 'x' } };
  const { added } = parseSettings(JSON.stringify({ added: [...stored, damaged] }));
  assert.equal(added, [{ ...RSI, isShown: false }, FLOW]);
  assert.equal(parseSettings('{"added":{"rsi":1}}').added, []);
});

test('no more are taken from the store than may be added', () => {
  const many = Array.from({ length: 40 }, (_, at) => ({ ...RSI, parameters: { period: at + 1 } }));
  assert.is(parseSettings(JSON.stringify({ added: many })).added.length, 12);
});

test('no streamed feature need be shown where an added one is', () => {
  assert.equal(parseSettings(JSON.stringify({ features: [], added: [RSI] })).features, []);
  assert.equal(parseSettings(JSON.stringify({ features: [], added: [FLOW] })).features, DEFAULTS.features);
  assert.equal(parseSettings(JSON.stringify({ added: [RSI] })).features, DEFAULTS.features, 'nothing was said of them');
});

test('the last thing shown stays, and without any the usual ones are shown', () => {
  changeSettings({ features: ['midprice'], added: [RSI] });
  toggleStreamed('midprice');
  assert.equal(settings.get().features, []);
  toggleAdded(addedKey(RSI));
  assert.ok(settings.get().added[0]?.isShown, 'it is the last one');
  changeAdded([]);
  assert.equal(settings.get().features, DEFAULTS.features);
  toggleStreamed('trade_imbalance');
  assert.ok(settings.get().features.includes('trade_imbalance'));
});

test.run();
