import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aroon } from '../../../operators/indicators/aroon.ts';
import type { Candle } from '../../../operators/indicators/candle.ts';
import { choppiness } from '../../../operators/indicators/choppiness.ts';
import { heikinAshi } from '../../../operators/indicators/heikin-ashi.ts';
import { ichimoku } from '../../../operators/indicators/ichimoku.ts';
import { keltnerChannel } from '../../../operators/indicators/keltner-channel.ts';
import { parabolicSar } from '../../../operators/indicators/parabolic-sar.ts';
import { type Supertrend, supertrend } from '../../../operators/indicators/supertrend.ts';
import { vortex } from '../../../operators/indicators/vortex.ts';
import { walk } from './bars.ts';
import { type Case, checkFinite, checkIndicator, checkSameWhereverBegun, indicator, run } from './check-indicator.ts';
import * as naive from './naive-trend.ts';

const test = suite('operators/indicators/trend-indicators');

const BARS = 320;

const cases: readonly Case<Candle>[] = [
  ...[1, 14, 50].flatMap((period) => [
    indicator(`aroon ${period}`, aroon({ period }), (x) => naive.naiveAroon(x, period)),
    indicator(`vortex ${period}`, vortex({ period }), (x) => naive.naiveVortex(x, period)),
  ]),
  ...[2, 14, 50].map((period) =>
    indicator(`choppiness ${period}`, choppiness({ period }), (x) => ({ '': naive.naiveChoppiness(x, period) })),
  ),
  ...[
    { conversion: 9, base: 26, spanB: 52 },
    { conversion: 7, base: 3, spanB: 5 },
  ].map((periods) =>
    indicator(`ichimoku ${Object.values(periods)}`, ichimoku(periods), (x) => naive.naiveIchimoku(x, periods)),
  ),
  ...(
    [
      [20, 2],
      [1, 0.5],
    ] as const
  ).map(([period, multiplier]) =>
    indicator(`keltnerChannel ${period} ${multiplier}`, keltnerChannel({ period, multiplier }), (x) =>
      naive.naiveKeltnerChannel(x, period, multiplier),
    ),
  ),
  ...(
    [
      [10, 3],
      [3, 1],
    ] as const
  ).map(([period, multiplier]) =>
    indicator(`supertrend ${period} ${multiplier}`, supertrend({ period, multiplier }), (x) =>
      naive.naiveSupertrend(x, period, multiplier),
    ),
  ),
  ...(
    [
      [0.02, 0.2],
      [0.1, 0.25],
    ] as const
  ).map(([step, maximum]) =>
    indicator(`parabolicSar ${step} ${maximum}`, parabolicSar({ step, maximum }), (x) =>
      naive.naiveParabolicSar(x, step, maximum),
    ),
  ),
  indicator('heikinAshi', heikinAshi(), naive.naiveHeikinAshi),
];

for (const each of cases) checkIndicator(test, each, () => walk(BARS));

/** On a coarse grid, so that prices are often equal. */
const coarse = (): Candle[] =>
  walk(BARS, 5).map(({ open, high, low, close, volume }) => {
    const on = (price: number): number => Math.round(price / 100) * 100;
    return { open: on(open), high: on(high), low: on(low), close: on(close), volume };
  });

for (const { name, ...each } of cases) checkIndicator(test, { name: `${name} on a coarse grid`, ...each }, coarse);

test('those of a window are the same wherever they began', () => {
  for (const each of cases.filter(({ name }) => /^(aroon|vortex|choppiness|ichimoku) /.test(name)))
    checkSameWhereverBegun(each, walk(3_000), 60);
});

const flat: Candle[] = Array.from({ length: 90 }, () => ({ open: 5.1, high: 5.1, low: 5.1, close: 5.1, volume: 0 }));

test('they say finite numbers only', () => {
  for (const each of cases) for (const inputs of [walk(2_000, 3), flat]) checkFinite(each, inputs);
});

test('where nothing moves they say what is documented', () => {
  assert.equal(run(aroon({ period: 25 }), flat).at(-1), { up: 100, down: 100, oscillator: 0 });
  assert.equal(run(vortex({ period: 14 }), flat).at(-1), { plus: 0, minus: 0 });
  assert.is(run(choppiness({ period: 14 }), flat).at(-1), 100);
  assert.equal(run(parabolicSar({ step: 0.02, maximum: 0.2 }), flat).at(-1), { sar: 5.1, direction: 1 });
  assert.equal(run(supertrend({ period: 10, multiplier: 3 }), flat).at(-1), { line: 5.1, direction: -1 });
});

test('a trend turns the supertrend, and the stop and reverse, and both stay on its side', () => {
  const up = Array.from({ length: 60 }, (_, n) => ({ open: n, high: n + 2, low: n - 1, close: n + 1, volume: 1 }));
  const bars = [...up.map((bar) => ({ ...bar, high: 62 - bar.low, low: 62 - bar.high, close: 61 - bar.open })), ...up];
  for (const said of [
    run(supertrend({ period: 5, multiplier: 2 }), bars).map((out) => out && { sar: (out as Supertrend).line, ...out }),
    run(parabolicSar({ step: 0.02, maximum: 0.2 }), bars),
  ] as { readonly sar: number; readonly direction: number }[][]) {
    assert.is(said[55]!.direction, -1);
    assert.ok(said[55]!.sar > bars[55]!.high);
    assert.is(said.at(-1)!.direction, 1);
    assert.ok(said.at(-1)!.sar < bars.at(-1)!.low);
    assert.is(said.slice(10).filter(({ direction }, n, all) => n > 0 && direction !== all[n - 1]!.direction).length, 1);
  }
});

test('what cannot be is refused, by its name', () => {
  assert.throws(() => aroon({ period: 0 }), /aroon, period/);
  assert.throws(() => vortex({ period: 0 }), /vortex, period/);
  assert.throws(() => choppiness({ period: 1 }), /choppiness, period: expected a whole number from 2/);
  assert.throws(() => ichimoku({ conversion: 9, base: 0, spanB: 52 }), /ichimoku, base/);
  assert.throws(() => keltnerChannel({ period: 0, multiplier: 2 }), /keltnerChannel, period/);
  assert.throws(() => keltnerChannel({ period: 20, multiplier: 0 }), /keltnerChannel, multiplier: .* above 0, found 0/);
  assert.throws(() => supertrend({ period: 0, multiplier: 3 }), /supertrend, period/);
  assert.throws(() => supertrend({ period: 10, multiplier: Number.NaN }), /supertrend, multiplier: .* found NaN/);
  assert.throws(() => parabolicSar({ step: 0, maximum: 0.2 }), /parabolicSar, step: expected a number above 0/);
  assert.throws(
    () => parabolicSar({ step: 0.2, maximum: 0.2 }),
    /parabolicSar, maximum: .* above step, 0.2, found 0.2/,
  );
});

test.run();
