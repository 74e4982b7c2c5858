import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BarFeatures } from '../../../pipelines/environment/bar-features.ts';
import { createBarObservation } from '../../../pipelines/environment/bar-observation.ts';
import { fitNormalisation, noNormalisation } from '../../../pipelines/environment/normalisation.ts';

const test = suite('pipelines/environment/normalisation');

const NONE = Number.NaN;
/** Two columns of five candles, a second apart. */
const FEATURES: BarFeatures = {
  columns: ['one', 'other'],
  definition: '',
  values: Float64Array.of(NONE, 5, 1, 5, 3, 5, 1e9, 7, 5, NONE),
};
const BARS = { openTimesMs: Float64Array.of(0, 1_000, 2_000, 3_000, 4_000) };
const ACCOUNT = { position: 0.5, unrealised: -0.25, sinceTrade: 1, openOrders: -3 };

test('it is fitted on the training span alone, of what is valid there', () => {
  const fitted = fitNormalisation({ features: FEATURES, bars: BARS, fromMs: 0, toMs: 3_000, clip: 2 });
  // Of 1 and 3, and of three times 5.
  assert.equal(fitted, {
    columns: ['one', 'other'],
    means: [2, 5],
    scales: [Math.SQRT2, 1],
    clip: 2,
    fromMs: 0,
    toMs: 3_000,
  });
  assert.equal(JSON.parse(JSON.stringify(fitted)), fitted);
});

test('observed is the normalised value within the clip, and 0 with its mask where there is none', () => {
  const shape = createBarObservation(
    fitNormalisation({ features: FEATURES, bars: BARS, fromMs: 0, toMs: 3_000, clip: 2 }),
  );
  assert.equal(shape.names, [
    'one',
    'other',
    'one_valid',
    'other_valid',
    'position',
    'unrealised',
    'since_trade',
    'open_orders',
  ]);
  const row = (n: number): number[] => {
    const into = new Float32Array(shape.names.length);
    shape.write(into, FEATURES.values, 2 * n, ACCOUNT);
    return [...into];
  };
  const account = [0.5, -0.25, 1, -2];
  assert.equal(row(0), [0, 0, 0, 1, ...account]);
  assert.equal(row(2), [Math.fround(1 / Math.SQRT2), 0, 1, 1, ...account]);
  assert.equal(row(3), [2, 2, 1, 1, ...account]);
  assert.equal(row(4), [2, 0, 1, 0, ...account]);
  assert.equal([...shape.space.low], [-2, -2, 0, 0, -2, -2, 0, -2]);
  assert.equal([...shape.space.high], [2, 2, 1, 1, 2, 2, 1, 2]);
});

test('without one the values are observed as they are', () => {
  const shape = createBarObservation(noNormalisation(FEATURES));
  const into = new Float32Array(shape.names.length);
  shape.write(into, FEATURES.values, 6, { ...ACCOUNT, unrealised: Number.NaN, position: Number.NEGATIVE_INFINITY });
  assert.equal([...into].slice(0, 4), [1e9, 7, 1, 1]);
  assert.is(into[4], shape.space.low[4]);
  assert.ok(Number.isFinite(into[4]!));
  assert.is(into[5], 0);
});

test('a span or a column without a value, and a clip that is none, are refused by name', () => {
  const fit =
    (fromMs: number, toMs: number, clip = 1) =>
    () =>
      fitNormalisation({ features: FEATURES, bars: BARS, fromMs, toMs, clip });
  assert.throws(
    fit(5_000, 9_000),
    /^normalisation: expected candles from 1970-01-01T00:00:05\.000Z to 1970-01-01T00:00:09\.000Z, found none$/,
  );
  assert.throws(
    fit(0, 1_000),
    /^normalisation, one: expected a value from 1970-01-01T00:00:00\.000Z to 1970-01-01T00:00:01\.000Z, found none$/,
  );
  assert.throws(fit(0, 3_000, 0), /^normalisation, clip: expected a number above 0, found 0$/);
});

test.run();
