import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CATALOGUE } from '../../../operators/features/catalogue.ts';
import {
  addedKey,
  addedLabel,
  featureOf,
  parametersText,
} from '../../../services/dashboard/src/market/added-feature.ts';
import { describeLimits, readCatalogueFeature, readTyped } from '../../../services/dashboard/src/market/catalogue.ts';
import { searchCatalogue } from '../../../services/dashboard/src/market/catalogue-search.ts';
import { featureJson } from '../../../services/features/feature-json.ts';

const json = (value: object): unknown => JSON.parse(JSON.stringify(value));
const RSI_JSON = {
  name: 'rsi',
  version: 1,
  title: 'Relative strength index',
  group: 'momentum',
  inputs: ['bar', 'barBreak'],
  parameters: [{ name: 'period', default: 14, least: 1, most: 5000, whole: true, unit: 'bars', meaning: 'window' }],
  outputs: [{ name: '', unit: 'percent', range: [0, 100], meaning: '100: only rises' }],
  warmUp: { count: 15, of: 'bars' },
  formula: '100·R/(R + F)',
  source: 'Wilder (1978)',
};
const RSI = readCatalogueFeature(RSI_JSON);
const FLOW = readCatalogueFeature({
  ...RSI_JSON,
  name: 'order_flow_imbalance',
  title: 'Order-flow imbalance',
  group: 'flow',
  inputs: ['topOfBook', 'sample'],
  parameters: [{ ...RSI_JSON.parameters[0], name: 'windowMs', default: 1000, most: 604_800_000, unit: 'ms' }],
  outputs: [{ name: '', unit: 'base asset', range: [null, null], meaning: 'net quantity added' }],
  warmUp: { count: 1500, of: 'ms', also: 'a valid book' },
});
const BANDS = readCatalogueFeature({
  ...RSI_JSON,
  name: 'bollinger',
  title: 'Bollinger bands',
  group: 'volatility',
  formula: 'SMA ± k·σ, where the RSI is not used',
  parameters: [
    { ...RSI_JSON.parameters[0], default: 20 },
    { name: 'deviations', default: 2, least: 0.01, most: 100, whole: false, unit: '', meaning: 'width' },
  ],
});
const ALL = [BANDS, RSI, FLOW];

test('every feature of the catalogue is read as the API lists it', () => {
  for (const definition of CATALOGUE) {
    const { name, isOfBars, parameters, outputs, warmUp } = readCatalogueFeature(json(featureJson(definition)));
    assert.is(name, definition.name);
    assert.is(isOfBars, (definition.inputs as readonly string[]).includes('bar'), name);
    assert.is(outputs.length, Object.keys(definition.outputs).length, name);
    assert.ok(warmUp.length > 0, name);
    for (const parameter of parameters) assert.is(readTyped(parameter, String(parameter.usual)), parameter.usual, name);
  }
});

test('what it says is kept', () => {
  const output = { name: '', unit: 'percent', least: 0, greatest: 100, meaning: '100: only rises' };
  const plain = { drawn: 'line', guides: [], filledTo: null, drawnLaterBy: null };
  assert.equal(RSI.outputs, [{ ...output, ...plain }]);
  const drawn = { drawn: 'histogram', guides: [30, 70], filledTo: 'lower', drawnLaterBy: 'base' };
  const read = readCatalogueFeature({ ...RSI_JSON, outputs: [{ ...RSI_JSON.outputs[0], ...drawn }] });
  assert.equal(read.outputs, [{ ...output, ...drawn }]);
  assert.equal([RSI.isOfBars, FLOW.isOfBars], [true, false]);
  assert.equal([RSI.warmUp, FLOW.warmUp], ['15 bars', '1.5 s, and a valid book']);
  assert.is(readCatalogueFeature({ ...RSI_JSON, warmUp: { count: 1, of: 'trades' } }).warmUp, '1 trade');
});

test('what is not as expected is refused with the name of its field', () => {
  const refusals = [
    [{ ...RSI_JSON, title: undefined }, /feature\/title: expected a text, was nothing/],
    [{ ...RSI_JSON, parameters: [{ name: 'period' }] }, /feature\/parameters\/default: expected a number/],
    [{ ...RSI_JSON, outputs: [{ name: '', unit: 'percent' }] }, /feature\/outputs\/range: expected a list/],
    [{ ...RSI_JSON, warmUp: 15 }, /feature\/warmUp: expected a JSON object, was 15/],
  ] as const;
  for (const [value, expected] of refusals) assert.throws(() => readCatalogueFeature(value), expected);
});

test('what is typed for a parameter is a possible number or none', () => {
  const [period] = RSI.parameters;
  const [, deviations] = BANDS.parameters;
  assert.equal(
    ['14', ' 1 ', '5000', '', '0', '5001', '2.5', '-3', 'x', 'Infinity'].map((text) => readTyped(period!, text)),
    [14, 1, 5000, null, null, null, null, null, null, null],
  );
  assert.equal(
    ['2.5', '0.01', '0', '1e9'].map((text) => readTyped(deviations!, text)),
    [2.5, 0.01, null, null],
  );
  assert.is(describeLimits(period!), 'a whole number of bars from 1 to 5,000');
  assert.is(describeLimits(deviations!), 'a number from 0.01 to 100');
});

test('the search looks in name, title, group and formula, and what is named so comes first', () => {
  const found = (text: string) =>
    searchCatalogue(ALL, text).map(({ title, features }) => [title, ...features.map(({ name }) => name)]);
  assert.equal(found('rsi'), [
    ['Momentum', 'rsi'],
    ['Volatility', 'bollinger'],
  ]);
  assert.equal(found('ORDER flow'), [['Order flow and trades', 'order_flow_imbalance']]);
  assert.equal(found('momentum'), [['Momentum', 'rsi']]);
  assert.equal(found('± sma'), [['Volatility', 'bollinger']]);
  assert.equal(found('nonsense'), []);
  assert.equal(
    found('').map(([title]) => title),
    ['Volatility', 'Momentum', 'Order flow and trades'],
  );
});

const added = (name: string, parameters: Record<string, number>, interval: '1s' | '1m' | null) => ({
  name,
  parameters,
  interval,
  other: null,
  isCustom: false,
  isShown: true,
});

test('a chip tells parameters and bars', () => {
  assert.is(addedLabel(added('rsi', { period: 14 }, '1m'), RSI), 'RSI 14 · 1m');
  assert.is(
    addedLabel(added('bollinger', { period: 20, deviations: 2.5 }, '1s'), BANDS),
    'Bollinger bands 20 2.5 · 1s',
  );
  const flow = (windowMs: number) => addedLabel(added('order_flow_imbalance', { windowMs }, null), FLOW);
  assert.equal(
    [500, 1_000, 1_500, 120_000, 7_200_000].map((windowMs) => flow(windowMs).replace('Order-flow imbalance ', '')),
    ['500ms', '1s', '1.5s', '2m', '2h'],
  );
});

test('an instant is told as one, and not at all where it is not chosen', () => {
  const anchorMs = { name: 'anchorMs', default: 0, least: 0, most: 253_402_300_799_000, whole: true, meaning: '' };
  const vwap = readCatalogueFeature({
    ...RSI_JSON,
    name: 'anchored_vwap',
    title: 'Anchored VWAP',
    parameters: [{ ...anchorMs, unit: 'ms since the epoch' }],
  });
  const label = (value: number) => addedLabel(added('anchored_vwap', { anchorMs: value }, '1m'), vwap);
  assert.is(label(0), 'Anchored VWAP · 1m');
  assert.is(label(Date.UTC(2026, 10, 25, 14, 3)), 'Anchored VWAP since 2026-11-25 14:03 · 1m');
  assert.is(label(Date.UTC(2026, 10, 25, 14, 3, 7)), 'Anchored VWAP since 2026-11-25 14:03:07 · 1m');
  assert.is(describeLimits(vwap.parameters[0]!), 'a time from 1970-01-01 00:00:00 to 9999-12-31 23:59:59');
});

test('the same feature with other parameters or bars is another one', () => {
  const one = added('rsi', { period: 14 }, '1m');
  assert.is(addedKey({ ...one, isShown: false }), addedKey(one));
  assert.is.not(addedKey({ ...one, interval: '1s' }), addedKey(one));
  assert.is.not(addedKey({ ...one, parameters: { period: 9 } }), addedKey(one));
});

test('parameters are written as the API reads them, without exponents', () => {
  assert.is(parametersText({ period: 20, deviations: 2.5 }), 'period:20,deviations:2.5');
  assert.is(parametersText({ step: 1e-7, window: 604_800_000 }), 'step:0.0000001,window:604800000');
});

test('what the catalogue does not know, or not with such parameters, cannot be had', () => {
  assert.is(featureOf(added('rsi', { period: 14 }, '1m'), ALL), RSI);
  for (const impossible of [
    added('rsy', { period: 14 }, '1m'),
    added('rsi', { period: 0 }, '1m'),
    added('rsi', { period: 14, more: 1 }, '1m'),
    added('rsi', {}, '1m'),
    added('rsi', { period: 14 }, null),
    added('order_flow_imbalance', { windowMs: 1_000 }, '1s'),
  ])
    assert.is(featureOf(impossible, ALL), undefined, JSON.stringify(impossible));
});

test.run();
