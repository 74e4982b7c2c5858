import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { addedKey, addedLabel, featureOf, readAdded } from '../../../services/dashboard/src/market/added-feature.ts';
import {
  describeCustomState,
  readCustomFeatures,
  readCustomRow,
} from '../../../services/dashboard/src/market/custom-feature.ts';
import { customFeaturesOf, readStatus } from '../../../services/dashboard/src/market/status.ts';

const FEATURE = {
  name: 'quote_pressure',
  version: 1,
  title: 'quote_pressure',
  group: 'custom',
  inputs: ['topOfBook'],
  parameters: [{ name: 'period', default: 5, least: 1, most: 9, whole: true, unit: 'bars', meaning: '' }],
  outputs: [{ name: '', unit: 'ratio', range: [-1, 1], meaning: 'positive: more was bid' }],
  warmUp: { count: 10, of: 'quotes' },
  formula: 'in its file',
  source: 'custom',
};
const SET = { id: 'custom_quote_pressure-v1', hash: 'abc', columns: ['quote_pressure'] };
const RUNNING = { file: 'a.ts', state: 'running', reason: null, feature: FEATURE, set: SET, rows: 7 };
const ADDED = {
  name: 'quote_pressure',
  parameters: {},
  interval: null,
  other: null,
  isCustom: true,
  isShown: true,
} as const;

test('custom features are read with how they stand, also those that could not be loaded', () => {
  const off = { ...RUNNING, state: 'off', reason: 'it took too long' };
  const broken = { file: 'x/broken.ts', state: 'refused', reason: 'no feature', feature: null, set: null, rows: 0 };
  const [feature, other] = readCustomFeatures([off, broken]);
  assert.equal(feature?.custom, { file: 'a.ts', state: 'off', reason: 'it took too long', set: SET });
  assert.is(describeCustomState(feature!.custom!), 'switched off: it took too long');
  assert.equal([other?.title, other?.custom?.set, other?.outputs], ['broken.ts', null, []]);
  assert.is(describeCustomState(readCustomFeatures([RUNNING])[0]!.custom!), null);
  assert.throws(() => readCustomFeatures([{ ...RUNNING, set: { id: 5 } }]), /custom\/set\/id: expected a text/);
});

test('of several versions it is the newest that has rows', () => {
  const newer = { ...RUNNING, file: 'b.ts', feature: { ...FEATURE, version: 2 } };
  const newest = { ...RUNNING, file: 'c.ts', state: 'refused', feature: { ...FEATURE, version: 3 }, set: null };
  const found = readCustomFeatures([RUNNING, newer, newest]);
  assert.equal(
    found.map(({ custom }) => custom?.file),
    ['b.ts'],
  );
});

test('it runs as its file says, so no parameters belong to it', () => {
  const catalogue = readCustomFeatures([RUNNING]);
  assert.is(featureOf(ADDED, catalogue), catalogue[0]);
  assert.is(featureOf({ ...ADDED, isCustom: false }, catalogue), undefined, 'one of the catalogue of that name');
  assert.is(addedLabel(ADDED, catalogue[0]!), 'quote_pressure');
  assert.equal(readAdded(JSON.parse(JSON.stringify(ADDED))), ADDED);
});

test('rows are drawn in their second, or where the candle of their minute is', () => {
  const second = 1_000_000;
  const row = (ts: number) => ({ ts, quote_pressure: ts === 0 ? null : 0.5 });
  assert.equal(readCustomRow(SET, false)(row(120.9 * second)), { timeS: 120, atUs: 120.9 * second, values: [0.5] });
  assert.is(readCustomRow(SET, true)(row(120 * second)).timeS, 60);
  assert.equal(readCustomRow(SET, false)(row(0)).values, [null]);
});

test('a second instrument is a part of what was added', () => {
  const [feature] = readCustomFeatures([RUNNING]);
  const pair = { ...feature!, name: 'pair_spread', title: 'Spread', needsOther: true, custom: null, parameters: [] };
  const added = { ...ADDED, name: 'pair_spread', isCustom: false, other: 'simulated:ETHUSDT' };
  assert.is(addedLabel(added, pair), 'Spread · ETHUSDT');
  assert.is.not(addedKey(added), addedKey({ ...added, other: 'simulated:SOLUSDT' }));
  assert.is(featureOf(added, [pair]), pair);
  assert.is(featureOf({ ...added, other: null }, [pair]), undefined);
  assert.is(featureOf(added, [{ ...pair, needsOther: false }]), undefined);
});

test('the status tells of custom features while the service that runs them is up', () => {
  const status = (state: string) =>
    readStatus({ services: [{ service: 'features', state, heartbeat: { features: [RUNNING] } }], instruments: [] });
  assert.equal(customFeaturesOf(status('up')), [RUNNING]);
  assert.equal(customFeaturesOf(status('down')), []);
});

test.run();
