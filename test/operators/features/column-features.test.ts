import { deserialize, serialize } from 'node:v8';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { featureSet } from '../../../operators/features/feature-set.ts';
import { MIDPRICE } from '../../../operators/features/midprice.ts';
import { QUEUE_IMBALANCE } from '../../../operators/features/queue-imbalance.ts';
import { type FeatureUse, resolveFeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { RSI } from '../../../operators/features/technical/momentum.ts';
import { SMA } from '../../../operators/features/technical/moving-averages.ts';
import { VARIANCE, Z_SCORE } from '../../../operators/features/technical/statistics.ts';
import { ATR } from '../../../operators/features/technical/volatility.ts';
import { BOOK_BREAK, gap, quote, randomQuotes } from '../market-events.ts';
import { assertNear } from './feature-runs.ts';

const test = suite('operators/features/column-features');

function setOf(features: readonly FeatureUse[]) {
  return resolveFeatureSet({
    name: 'of_columns',
    version: 1,
    says: 'a set of a test',
    clock: { kind: 'time', intervalMs: 60_000 },
    sampling: 'quotes',
    features,
  });
}

function rows(features: readonly FeatureUse[], inputs: readonly FeatureInput[], saveEvery = Infinity) {
  const { initialState, evolve, project } = featureSet(setOf(features));
  let state = initialState();
  return inputs.flatMap((input, n) => {
    state = evolve(state, input);
    if ((n + 1) % saveEvery === 0) state = deserialize(serialize(state));
    return project(state, input) ?? [];
  });
}

/** The second is declared before what it is of. */
const SMOOTHED: readonly FeatureUse[] = [
  { feature: SMA, column: 'twice', parameters: { period: 2 }, of: 'smooth' },
  { feature: SMA, column: 'smooth', parameters: { period: 3 }, of: 'imbalance' },
  { feature: QUEUE_IMBALANCE, column: 'imbalance' },
];

test('a feature of another column is of its values, row by row, whatever the order in which they are declared', () => {
  const inputs = randomQuotes(5, 300);
  const found = rows(SMOOTHED, inputs);
  const imbalances = found.map(({ values }) => values[2]!);
  const mean = (values: readonly (number | null)[]): number =>
    values.reduce<number>((sum, value) => sum + value!, 0) / values.length;
  const smooth = imbalances.map((_, n) => (n < 2 ? null : mean(imbalances.slice(n - 2, n + 1))));
  const twice = smooth.map((_, n) => (n < 3 ? null : mean(smooth.slice(n - 1, n + 1))));
  assertNear(
    found.map(({ values }) => values[1]),
    smooth,
    1e-12,
  );
  assertNear(
    found.map(({ values }) => values[0]),
    twice,
    1e-12,
  );
  assert.equal(
    found.slice(0, 5).map(({ mask }) => mask),
    [4, 4, 6, 7, 7],
  );
});

test('what interrupts its column interrupts it, also where every row has a value', () => {
  const [before, after] = [randomQuotes(6, 5), randomQuotes(7, 5)];
  const features = [
    { feature: SMA, column: 'mean', parameters: { period: 2 }, of: 'mid_z' },
    { feature: Z_SCORE, column: 'mid_z', parameters: { period: 3 }, of: 'mid' },
    { feature: MIDPRICE, column: 'mid' },
  ];
  const masks = (inputs: readonly FeatureInput[], saveEvery?: number) =>
    rows(features, inputs, saveEvery).map(({ mask }) => mask);
  // The z-score speaks from the third row on, its mean from the fourth.
  assert.equal(masks([...before, ...after]), [4, 4, 6, 7, 7, 7, 7, 7, 7, 7]);
  assert.equal(masks([...before, BOOK_BREAK, ...after]), [4, 4, 6, 7, 7, 4, 4, 6, 7, 7]);
  assert.equal(masks([...before, BOOK_BREAK, ...after], 1), [4, 4, 6, 7, 7, 4, 4, 6, 7, 7]);
  assert.equal(masks([...before, gap('aggTrade'), ...after]), [4, 4, 6, 7, 7, 7, 7, 7, 7, 7]);
});

test('it says the same from a saved state', () => {
  const inputs = randomQuotes(8, 200);
  assert.equal(rows(SMOOTHED, inputs, 7), rows(SMOOTHED, inputs));
});

test('its unit is that of its column, where it is one of prices', () => {
  const units = (features: readonly FeatureUse[]) => setOf(features).columns.map(({ name, unit }) => [name, unit]);
  assert.equal(units(SMOOTHED), [
    ['twice', 'ratio'],
    ['smooth', 'ratio'],
    ['imbalance', 'ratio'],
  ]);
  assert.equal(units([{ feature: MIDPRICE }, { feature: VARIANCE, of: 'midprice' }]), [
    ['midprice', 'price'],
    ['variance', 'priceSquared'],
  ]);
});

test('circles, columns that there are not and features that cannot be of one are refused by name', () => {
  const imbalance = { feature: QUEUE_IMBALANCE, column: 'imbalance' };
  for (const [features, message] of [
    [
      [
        { feature: SMA, column: 'a', of: 'b' },
        { feature: SMA, column: 'b', of: 'c' },
        { feature: RSI, column: 'c', of: 'a' },
      ],
      /feature set of_columns: expected no column that depends on itself, found a of b of c of a/,
    ],
    [[{ feature: SMA, column: 'a', of: 'a' }], /expected no column that depends on itself, found a of a/],
    [
      [imbalance, { feature: SMA, of: 'imbalances' }],
      /sma, of: expected a column of the set \(imbalance, sma\), found imbalances/,
    ],
    [[imbalance, { feature: ATR, of: 'imbalance' }], /atr, of: expected a feature of one number a bar, found atr/],
    [[imbalance, { feature: MIDPRICE, of: 'imbalance' }], /midprice, of: expected a feature of one number a bar/],
    [[imbalance, { feature: VARIANCE, of: 'imbalance' }], /variance, of: expected a price, .*found imbalance/],
  ] as const)
    assert.throws(
      () => setOf(features),
      (error: Error) => error instanceof RangeError && message.test(error.message),
    );
});

test('a set that has none is what it was', () => {
  const { definition } = setOf([{ feature: MIDPRICE }]);
  assert.not.match(definition, /"of"/);
  assert.is(rows([{ feature: MIDPRICE }], [quote(1, [9, 1], [11, 1])])[0]!.values[0], 10);
});

test.run();
