import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { anchoredVwap } from '../../../operators/indicators/anchored-vwap.ts';
import type { TimedCandle } from '../../../operators/indicators/candle.ts';
import { chaikinMoneyFlow } from '../../../operators/indicators/chaikin-money-flow.ts';
import { chaikinOscillator } from '../../../operators/indicators/chaikin-oscillator.ts';
import { easeOfMovement } from '../../../operators/indicators/ease-of-movement.ts';
import { forceIndex } from '../../../operators/indicators/force-index.ts';
import { moneyFlowIndex } from '../../../operators/indicators/money-flow-index.ts';
import { rollingVwap } from '../../../operators/indicators/rolling-vwap.ts';
import { sessionVwap } from '../../../operators/indicators/session-vwap.ts';
import { walk } from './bars.ts';
import { type Case, checkFinite, checkIndicator, checkSameWhereverBegun, indicator, run } from './check-indicator.ts';
import * as naive from './naive-volume.ts';

const test = suite('operators/indicators/volume-indicators');

const BARS = 320;
const HOUR_MS = 3_600_000;
const START_MS = walk(1)[0]!.openTimeMs;

const cases: readonly Case<TimedCandle>[] = [
  ...[1, 14, 50].flatMap((period) => [
    indicator(`moneyFlowIndex ${period}`, moneyFlowIndex({ period }), (x) => ({
      '': naive.naiveMoneyFlowIndex(x, period),
    })),
    indicator(`chaikinMoneyFlow ${period}`, chaikinMoneyFlow({ period }), (x) => ({
      '': naive.naiveChaikinMoneyFlow(x, period),
    })),
    indicator(`forceIndex ${period}`, forceIndex({ period }), (x) => ({ '': naive.naiveForceIndex(x, period) })),
    indicator(`rollingVwap ${period}`, rollingVwap({ period }), (x) => ({ '': naive.naiveRollingVwap(x, period) })),
  ]),
  ...(
    [
      [3, 10],
      [6, 20],
    ] as const
  ).map(([fast, slow]) =>
    indicator(`chaikinOscillator ${fast} ${slow}`, chaikinOscillator({ fast, slow }), (x) => ({
      '': naive.naiveChaikinOscillator(x, fast, slow),
    })),
  ),
  indicator('easeOfMovement', easeOfMovement(), (x) => ({ '': naive.naiveEaseOfMovement(x) })),
  // Sessions that begin within the stretch without volume, and before and after it.
  ...[HOUR_MS, 2 * HOUR_MS, 25 * 60_000].map((sessionMs) =>
    indicator(`sessionVwap ${sessionMs}`, sessionVwap({ sessionMs }), (x) => ({
      '': naive.naiveSessionVwap(x, sessionMs),
    })),
  ),
  ...[0, START_MS + 30 * 60_000, START_MS + 100 * 60_000 - 1, START_MS + 70 * 60_000].map((anchorMs) =>
    indicator(`anchoredVwap ${anchorMs}`, anchoredVwap({ anchorMs }), (x) => ({
      '': naive.naiveAnchoredVwap(x, anchorMs),
    })),
  ),
];

for (const each of cases) checkIndicator(test, each, () => walk(BARS));

/** Prices and volumes as the venue writes them. */
const inDecimals = (bars: readonly TimedCandle[]): TimedCandle[] =>
  bars.map(({ openTimeMs, open, high, low, close, volume }) => ({
    openTimeMs,
    open: open / 10,
    high: high / 10,
    low: low / 10,
    close: close / 10,
    volume: volume / 1_000,
  }));

test('those of a window are the same wherever they began', () => {
  const bars = walk(3_000);
  for (const each of cases.filter(({ name }) => /^(moneyFlowIndex|rollingVwap) /.test(name)))
    for (const inputs of [bars, inDecimals(bars)]) checkSameWhereverBegun(each, inputs, 60);
  for (const each of cases.filter(({ name }) => name.startsWith('sessionVwap ')))
    checkSameWhereverBegun(each, inDecimals(bars), 24 * 60);
});

test('they say finite numbers only, in decimals and without volume too', () => {
  const bars = inDecimals(walk(2_000, 3));
  for (const each of cases)
    for (const inputs of [bars, bars.map((bar) => ({ ...bar, volume: 0 }))]) checkFinite(each, inputs);
});

test('without volume they say what is documented, whatever was traded before', () => {
  const bars = inDecimals(walk(300, 3));
  const silent = [
    ...bars,
    ...bars.map((bar, n) => ({ ...bar, openTimeMs: bar.openTimeMs + 300 * 60_000, volume: 0, n })),
  ];
  assert.is(run(moneyFlowIndex({ period: 14 }), silent).at(-1), 50);
  assert.is(run(chaikinMoneyFlow({ period: 20 }), silent).at(-1), 0);
  assert.is(run(rollingVwap({ period: 20 }), silent).at(-1), undefined);
  assert.is(run(sessionVwap({ sessionMs: HOUR_MS }), silent).at(-1), undefined);
  assert.is(run(easeOfMovement(), silent).at(-1), undefined);
});

test('what cannot be is refused, by its name', () => {
  assert.throws(() => moneyFlowIndex({ period: 0 }), /moneyFlowIndex, period/);
  assert.throws(() => chaikinMoneyFlow({ period: 0 }), /chaikinMoneyFlow, period/);
  assert.throws(() => forceIndex({ period: 0 }), /forceIndex, period/);
  assert.throws(() => rollingVwap({ period: 0 }), /rollingVwap, period/);
  assert.throws(() => chaikinOscillator({ fast: 0, slow: 10 }), /chaikinOscillator, fast/);
  assert.throws(
    () => chaikinOscillator({ fast: 10, slow: 10 }),
    /chaikinOscillator, fast: expected less than slow, 10/,
  );
  for (const sessionMs of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => sessionVwap({ sessionMs }), /sessionVwap, sessionMs: expected a number above 0/);
  assert.throws(() => anchoredVwap({ anchorMs: Number.NaN }), /anchoredVwap, anchorMs: expected a finite number/);
});

test.run();
