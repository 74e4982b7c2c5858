import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ActivityClock, BarClock } from '../../../operators/bar-clock.ts';
import { defineFeature } from '../../../operators/features/definition.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { type FeatureVector, featureSet } from '../../../operators/features/feature-set.ts';
import { type FeatureSet, resolveFeatureSet } from '../../../operators/features/resolve-feature-set.ts';
import { SMA } from '../../../operators/features/technical/moving-averages.ts';
import type { Trade } from '../../../streams/events/trade.ts';
import { testProjectionContract } from '../../support/projection-contract.ts';
import { gap, instrument, quote, randomTrades } from '../market-events.ts';
import { naiveBars } from '../naive-bars.ts';

const test = suite('operators/features/feature-set-clocks');

const CLOCKS: Readonly<Record<string, ActivityClock>> = {
  tick: { kind: 'tick', trades: 25 },
  volume: { kind: 'volume', qty: 20 },
  dollar: { kind: 'dollar', notional: 900_000 },
  imbalance: { kind: 'imbalance', of: 'volume', expectedTrades: 30, span: 5 },
};

/** Volume of the trades that it was told of since the bar before, less the last bar's: 0 where they are the same trades. */
const UNEXPLAINED_VOLUME = defineFeature({
  name: 'unexplained_volume',
  version: 1,
  title: 'Unexplained volume',
  group: 'custom',
  inputs: ['trade', 'gap', 'bar'],
  parameters: {},
  outputs: { '': { unit: 'count', range: [null, null], says: 'volume' } },
  warmUp: () => ({ count: 1, of: 'bars' }),
  formula: '',
  source: '',
  create: () => ({
    initialState: () => ({ volume: 0, unexplained: Number.NaN }),
    evolve: (state, event) => {
      if (event.type === 'bar') state.unexplained = state.volume - event.volume;
      state.volume = event.type === 'trade' ? state.volume + event.qtySteps : 0;
      return state;
    },
    project: ({ unexplained }) => unexplained,
  }),
});

function setOf<Clock extends BarClock>(clock: Clock, sampling: 'quotes' | 'bars' = 'bars'): FeatureSet<Clock> {
  return resolveFeatureSet({
    name: 'clocked',
    version: 1,
    says: 'a set of a test',
    clock,
    sampling,
    features: [{ feature: SMA, parameters: { period: 3 } }, { feature: UNEXPLAINED_VOLUME }],
  });
}

function vectors(set: FeatureSet<BarClock>, events: readonly FeatureInput[]): FeatureVector[] {
  const { initialState, evolve, project } = featureSet(set);
  let state = initialState();
  return events.flatMap((event) => {
    state = evolve(state, event);
    return project(state, event) ?? [];
  });
}

const TRADES = randomTrades(81, 900);
const LATER = randomTrades(82, 300);

/** Time, mean of the last three closes and nothing unexplained, at each bar. */
function expectedRows(clock: ActivityClock, trades: readonly Trade[]): (number | null)[][] {
  const bars = naiveBars(clock, trades);
  return bars.map(({ closeTimeMs }, n) => {
    const closes = bars.slice(Math.max(0, n - 2), n + 1).map(({ close }) => close);
    return [closeTimeMs, closes.length < 3 ? null : (closes[0]! + closes[1]! + closes[2]!) / 3, 0];
  });
}

for (const [name, clock] of Object.entries(CLOCKS)) {
  test(`a set of ${name} bars speaks at each, when features know of its trades and of none behind it`, () => {
    const told = vectors(setOf(clock), [instrument(), ...TRADES, gap('depth'), gap('aggTrade'), ...LATER]);
    assert.equal(
      told.map(({ timeMs, values }) => [timeMs, ...values]),
      [...expectedRows(clock, TRADES), ...expectedRows(clock, LATER)],
    );
    assert.ok(told.length > 30);
  });

  test(`a set that is sampled at quotes says what it is of the last ${name} bar`, () => {
    const events = TRADES.flatMap((trade, n): FeatureInput[] => [trade, quote(n, [10, 1], [11, 1])]);
    const told = vectors(setOf(clock, 'quotes'), [instrument(), ...events]);
    assert.is(told.length, TRADES.length);
    const means = told.map(({ values }) => values[0]).filter((value, n, all) => value !== all[n - 1]);
    const expected = expectedRows(clock, TRADES).map(([, mean]) => mean);
    assert.equal(
      means,
      expected.filter((value, n) => value !== expected[n - 1]),
    );
  });

  const { initialState, evolve, project } = featureSet(setOf(clock));
  testProjectionContract(test, `the set of ${name} bars`, {
    projection: { initialState: () => evolve(initialState(), instrument()), evolve, project },
    events: (): FeatureInput[] => [...TRADES.slice(0, 400), gap('trade'), ...structuredClone(LATER)],
    firstOutput: TRADES.findIndex((_, n) => naiveBars(clock, TRADES.slice(0, n + 1)).length > 0),
  });
}

test('where the units change, what was built on bars of activity starts anew, before the features are told of it', () => {
  const other = instrument('0.10', '0.002');
  for (const clock of Object.values(CLOCKS)) {
    const told = vectors(setOf(clock), [instrument(), ...TRADES, other, ...LATER]);
    const begun = vectors(setOf(clock), [other, ...LATER]);
    assert.ok(begun.length > 3);
    assert.equal(
      told.slice(-begun.length).map(({ values }) => values[0]),
      begun.map(({ values }) => values[0]),
    );
  }
});

test('bars of time are told before the trade that closed them, as ever', () => {
  const told = vectors(setOf({ kind: 'time', intervalMs: 10_000 }), [instrument(), ...TRADES]);
  assert.ok(told.length > 5);
  // The first bar that is told is the second: the trades of the one before it are in none.
  assert.ok(told[0]!.values[1]! > 0);
  assert.ok(told.slice(1).every(({ values }) => values[1] === 0));
});

test.run();
