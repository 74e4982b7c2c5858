import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeatureDefinition, Parameters } from '../../../operators/features/definition.ts';
import type { FeatureInput } from '../../../operators/features/feature-input.ts';
import { LIQUIDATION_CLUSTERS } from '../../../operators/features/liquidation-clusters.ts';
import { LIQUIDATIONS, type Liquidations } from '../../../operators/features/liquidations.ts';
import { OPEN_INTEREST } from '../../../operators/features/open-interest.ts';
import { OPEN_INTEREST_CHANGE } from '../../../operators/features/open-interest-change.ts';
import { BOOK_BREAK, gap } from '../market-events.ts';
import { liquidation, openInterest, randomDerivatives } from './derivatives-events.ts';
import { assertNear, said, sample, spoken, testFeatureContract } from './feature-runs.ts';
import { isGapOf, naively, nowOf, ofType, since, sum, type Timed } from './naive-past.ts';

const test = suite('operators/features/open-interest-and-liquidations');

const WINDOW = { windowMs: 10_000 };
const CLUSTER = { gapMs: 2_000 };

const answers = (): FeatureInput[] => [
  openInterest(1_000, 200),
  openInterest(6_000, 210),
  sample(11_000),
  openInterest(16_000, 189),
];
/** A long of 2.5, a short of 0.5 and another long of 1 within two seconds of it, from 10 s on. */
const rush = (): FeatureInput[] => [
  sample(1_000),
  liquidation(10_500, 'sell', 2.5),
  sample(11_000),
  liquidation(14_000, 'buy', 0.5),
  liquidation(16_000, 'sell', 1),
  sample(18_000),
  sample(18_001),
];

testFeatureContract(test, OPEN_INTEREST, { parameters: {}, events: answers, firstOutput: 0 });
testFeatureContract(test, OPEN_INTEREST_CHANGE, {
  parameters: WINDOW,
  events: () => [...answers(), gap('openInterest'), ...answers()],
  firstOutput: 2,
});
testFeatureContract(test, LIQUIDATIONS, {
  parameters: WINDOW,
  events: () => [...rush(), gap('forceOrder'), ...rush()],
  firstOutput: 2,
});
testFeatureContract(test, LIQUIDATION_CLUSTERS, {
  parameters: CLUSTER,
  events: () => [...rush(), gap('forceOrder'), ...rush()],
  firstOutput: 1,
});

test('the change is to what had been answered a window ago', () => {
  assert.equal(said(OPEN_INTEREST, {}, answers()), [200, 210, 210, 189]);
  // At 11 s it is 210 after 200; at 16 s 189 after 210.
  assertNear(said(OPEN_INTEREST_CHANGE, WINDOW, answers()), [null, null, 0.05, -0.1], 1e-12);
  assert.is(said(OPEN_INTEREST_CHANGE, WINDOW, [...answers(), sample(99_000)]).at(-1), 0);
  assert.is(
    said(OPEN_INTEREST_CHANGE, WINDOW, [openInterest(1_000, 0), openInterest(9_000, 5), sample(11_000)]).at(-1),
    null,
  );
});

test('longs are closed by sell orders, shorts by buy orders', () => {
  const none = { longCount: 0, shortCount: 0, longVolume: 0, shortVolume: 0, imbalance: undefined };
  const values = said(LIQUIDATIONS, WINDOW, rush());
  const long = { ...none, longCount: 1, longVolume: 2.5, imbalance: 1 };
  const both = { ...long, shortCount: 1, shortVolume: 0.5, imbalance: 2 / 3 };
  const all = { ...both, longCount: 2, longVolume: 3.5, imbalance: 3 / 4 };
  assertNear(values, [null, null, long, both, all, all, all]);
  // At 20,500 the first is out; at 30 s there are none, which is no silence.
  const later = said(LIQUIDATIONS, WINDOW, [...rush(), sample(20_500), sample(30_000)]).slice(-2);
  assertNear(later, [{ longCount: 1, shortCount: 1, longVolume: 1, shortVolume: 0.5, imbalance: 1 / 3 }, none]);
});

test('what has left the window leaves no rounding behind', () => {
  const decimals = [0.1, 0.2, 0.3, 1e9 + 0.7, 0.4].map((qty, n) => liquidation(10_000 + n, 'buy', qty));
  const values = said(LIQUIDATIONS, WINDOW, [sample(1), ...decimals, liquidation(20_003, 'buy', 0.3), sample(20_004)]);
  assert.is((values.at(-1) as Liquidations).shortVolume, 0.3);
  const alone = said(LIQUIDATIONS, WINDOW, [sample(1), ...decimals.slice(3), sample(20_002)]);
  const behind = said(LIQUIDATIONS, WINDOW, [sample(1), ...decimals, sample(20_002)]);
  assert.equal(behind.at(-1), alone.at(-1));
});

test('a cluster goes on while each comes soon after the one before', () => {
  assert.equal(said(LIQUIDATION_CLUSTERS, CLUSTER, rush()), [
    null,
    { count: 1, volume: 2.5 },
    { count: 1, volume: 2.5 },
    { count: 1, volume: 0.5 },
    { count: 2, volume: 1.5 },
    { count: 2, volume: 1.5 },
    { count: 0, volume: 0 },
  ]);
  // One that began before the start is not known whole.
  const within = [sample(9_000), liquidation(10_500, 'sell', 2), liquidation(12_500, 'sell', 2), sample(14_500)];
  assert.is(spoken(said(LIQUIDATION_CLUSTERS, CLUSTER, within)), 0);
  assert.equal(said(LIQUIDATION_CLUSTERS, CLUSTER, [...within, sample(14_501)]).at(-1), { count: 0, volume: 0 });
});

test('each starts anew at a gap of its own channel, and at no other', () => {
  const cases: readonly (readonly [FeatureDefinition, Parameters, string, FeatureInput[]])[] = [
    [OPEN_INTEREST, {}, 'openInterest', answers()],
    [OPEN_INTEREST_CHANGE, WINDOW, 'openInterest', answers()],
    [LIQUIDATIONS, WINDOW, 'forceOrder', rush()],
    [LIQUIDATION_CLUSTERS, CLUSTER, 'forceOrder', rush()],
  ];
  for (const [definition, parameters, channel, inputs] of cases) {
    const values = said(definition, parameters, [...inputs, gap('depth'), BOOK_BREAK, gap(channel), sample(18_002)]);
    assert.equal(
      values.slice(inputs.length).map((value) => value !== null),
      [true, true, false, false],
    );
  }
});

test('of random events each is what a look at the past gives', () => {
  const inputs = randomDerivatives(111, 1_500);
  const check = (
    definition: FeatureDefinition,
    parameters: Parameters,
    value: (past: readonly Timed[]) => unknown,
  ): void => {
    const plain = naively(definition, inputs, (past) => value(past) ?? null);
    assertNear(said(definition, parameters, inputs), plain, 1e-12);
    assert.ok(spoken(plain) > 300, `${definition.name} ${spoken(plain)}`);
  };
  const [windowMs, gapMs] = [600_000, 100_000];
  const answersOf = (past: readonly Timed[]) => ofType(since(past, isGapOf('openInterest')), 'openInterest');
  check(OPEN_INTEREST, {}, (past) => answersOf(past).at(-1)?.event.openInterest);
  check(OPEN_INTEREST_CHANGE, { windowMs }, (past) => {
    const then = answersOf(past).findLast(({ ms }) => ms <= nowOf(past) - windowMs)?.event.openInterest;
    return then ? (answersOf(past).at(-1)!.event.openInterest - then) / then : null;
  });
  check(LIQUIDATIONS, { windowMs }, (past) => {
    const whole = since(past, isGapOf('forceOrder')).filter(({ event }) => event.type !== 'gap');
    if (whole.length === 0 || nowOf(past) - whole[0]!.ms < windowMs) return null;
    const quantities = (side: string): number[] =>
      ofType(whole, 'liquidation')
        .filter(({ event, ms }) => event.side === side && ms > nowOf(past) - windowMs)
        .map(({ event }) => event.filledQty);
    const [longs, shorts] = [quantities('sell'), quantities('buy')];
    const total = sum(longs) + sum(shorts);
    return {
      longCount: longs.length,
      shortCount: shorts.length,
      longVolume: sum(longs),
      shortVolume: sum(shorts),
      imbalance: total === 0 ? undefined : (sum(longs) - sum(shorts)) / total,
    };
  });
  check(LIQUIDATION_CLUSTERS, { gapMs }, (past) => {
    const whole = since(past, isGapOf('forceOrder')).filter(({ event }) => event.type !== 'gap');
    const cluster: number[] = [];
    let lastMs = nowOf(past);
    for (const { event, ms } of ofType(whole, 'liquidation').reverse()) {
      if (lastMs - ms > gapMs) return { count: cluster.length, volume: sum(cluster.reverse()) };
      cluster.push(event.filledQty);
      lastMs = ms;
    }
    // All that was seen is one cluster: it is whole if enough time was quiet before it.
    return whole.length > 0 && lastMs - whole[0]!.ms > gapMs
      ? { count: cluster.length, volume: sum(cluster.reverse()) }
      : null;
  });
});

test.run();
