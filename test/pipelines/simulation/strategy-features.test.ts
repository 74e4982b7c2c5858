import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureVector } from '../../../operators/features/feature-set.ts';
import type { FeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { createDerivation } from '../../../pipelines/derivation.ts';
import { defineStrategy, type StrategyDefinition } from '../../../pipelines/simulation/strategy.ts';
import { strategyFeatureSet, type WantedFeatures } from '../../../pipelines/simulation/strategy-features.ts';
import type { EventToAppend } from '../../../streams/entry.ts';
import { madeMarket } from '../made-market.ts';
import { runWithAccount } from './run-account.ts';
import { handWritten, tapesOf } from './small-tapes.ts';

const test = suite('pipelines/simulation/strategy-features');

const FEATURES: WantedFeatures = [
  'microprice',
  'book_imbalance',
  { feature: 'order_flow_imbalance', column: 'ofi', parameters: { windowMs: 2_000 } },
  'funding_rate',
  { feature: 'sma', column: 'sma_2', parameters: { period: 2 } },
];

const declared = (features: WantedFeatures, others: Partial<StrategyDefinition> = {}): StrategyDefinition =>
  defineStrategy({
    name: 'of-a-test',
    title: '',
    says: '',
    parameters: {},
    events: ['topOfBook'],
    features,
    create: () => ({}),
    ...others,
  });

/** What the derivation, which backfills run too, makes of the log. */
function derived(log: readonly EventToAppend[], set: FeatureSet): FeatureVector[] {
  const vectors: FeatureVector[] = [];
  const derivation = createDerivation({
    featureSets: [set],
    onRefused: () => {},
    onDerived: (said) => {
      if (said.kind === 'features') vectors.push(said.vector);
    },
  });
  for (const [n, { channel, payload, receiveTimeUs }] of log.entries()) {
    const events = [{ channel, payload: Buffer.from(payload), receiveTimeUs }];
    derivation.push({ entryId: `${n + 1}-0`, traceparent: undefined, events });
  }
  return vectors;
}

test('what a strategy sees of its features is what a backfill of the log says', () => {
  const log = madeMarket({ seed: 12, events: 5_000, snapshotEvery: 200 });
  const seen: (readonly number[])[] = [];
  const barMs = () => 1_000;
  const set = strategyFeatureSet(declared(FEATURES, { barMs }), {})!;
  const columns = set.columns.map(({ name }) => name);
  const definition = declared(FEATURES, {
    barMs,
    create: () => ({ onEvent: (_, market) => seen.push(columns.map((column) => market.feature(column))) }),
  });
  runWithAccount(tapesOf(log), { strategy: definition });
  const expected = derived(log, set).map(({ values }) => values.map((value) => value ?? Number.NaN));
  assert.ok(expected.length > 1_000, `${expected.length} rows`);
  assert.equal(seen, expected);
  for (const [n, column] of columns.entries())
    assert.ok(
      expected.some((row) => Number.isFinite(row[n])),
      `${column} says something`,
    );
});

test('features of bars are told with the bar that the strategy is told of', () => {
  const log = madeMarket({ seed: 12, events: 5_000, snapshotEvery: 200, hasFaults: false });
  const closes: number[] = [];
  const pairs: (readonly number[])[] = [];
  const wanted: WantedFeatures = ({ period = 0 }) => [{ feature: 'sma', column: 'average', parameters: { period } }];
  const definition = declared(wanted, {
    events: [],
    barMs: () => 2_000,
    create: () => ({
      onBar({ close }, market) {
        closes.push(close);
        const [one = Number.NaN, other = Number.NaN] = closes.slice(-2);
        pairs.push([market.feature('average'), (one + other) / 2]);
      },
    }),
  });
  assert.is(strategyFeatureSet(definition, { period: 2 })!.sampling, 'bars');
  runWithAccount(tapesOf(log), { strategy: definition, parameters: { period: 2 } });
  assert.ok(pairs.length > 20, `${pairs.length} bars`);
  assert.ok(Number.isNaN(pairs[0]![0]!), 'the first bar is no average of two');
  for (const [seen, expected] of pairs.slice(1)) assert.ok(Math.abs(seen! - expected!) < 1e-6, `${seen}, ${expected}`);
});

test('while the book is not valid there is no value', () => {
  const log = handWritten()
    .depth(1_100, 1_100, [[1_001, 3]])
    .gap(1_200)
    .trade(1_300, 1_300, 1_001, 1, false);
  const told: (readonly [string, number])[] = [];
  const definition = declared(['midprice'], {
    events: ['topOfBook', 'bookBreak', 'trade'],
    create: () => ({ onEvent: ({ type }, market) => told.push([type, market.feature('midprice')]) }),
  });
  runWithAccount(tapesOf(log.events), { strategy: definition });
  assert.equal(told.slice(-3), [
    ['topOfBook', 1_001.5],
    ['bookBreak', Number.NaN],
    ['trade', Number.NaN],
  ]);
});

test('what is no feature of one instrument is refused by name, and so is a column that was not declared', () => {
  const resolve = (features: WantedFeatures) => () => strategyFeatureSet(declared(features), {});
  assert.throws(resolve(['micropriec']), /strategy of-a-test, features: expected names of features.*found micropriec/);
  assert.throws(resolve(['pair_beta']), /expected features of one instrument, found pair_beta/);
  assert.throws(resolve(['midprice', 'midprice']), /expected one column midprice, found a second/);
  assert.throws(resolve([{ feature: 'sma', parameters: { period: 0 } }]), /sma, period: expected/);
  assert.is(strategyFeatureSet(declared([]), {}), undefined);
  const asking = declared(['midprice'], { create: () => ({ onEvent: (_, market) => market.feature('spread') }) });
  assert.throws(
    () => runWithAccount(tapesOf(handWritten().events), { strategy: asking }),
    /feature: expected one of midprice, found spread/,
  );
});

test.run();
