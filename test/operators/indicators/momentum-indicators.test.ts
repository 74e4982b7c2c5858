import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { awesomeOscillator } from '../../../operators/indicators/awesome-oscillator.ts';
import { balanceOfPower } from '../../../operators/indicators/balance-of-power.ts';
import type { Candle } from '../../../operators/indicators/candle.ts';
import { cci } from '../../../operators/indicators/cci.ts';
import { cmo } from '../../../operators/indicators/cmo.ts';
import { massIndex } from '../../../operators/indicators/mass-index.ts';
import { stochasticRsi } from '../../../operators/indicators/stochastic-rsi.ts';
import { trix } from '../../../operators/indicators/trix.ts';
import { ultimateOscillator } from '../../../operators/indicators/ultimate-oscillator.ts';
import { walk } from './bars.ts';
import { type Case, checkFinite, checkIndicator, checkSameWhereverBegun, indicator, run } from './check-indicator.ts';
import * as naive from './naive-momentum.ts';

const test = suite('operators/indicators/momentum-indicators');

const BARS = 320;

const ofCloses: readonly Case<number>[] = [
  ...[1, 9, 50].map((period) =>
    indicator(`cmo ${period}`, cmo({ period }), (x) => ({ '': naive.naiveCmo(x, period) })),
  ),
  ...[1, 5, 18].map((period) =>
    indicator(`trix ${period}`, trix({ period }), (x) => ({ '': naive.naiveTrix(x, period) })),
  ),
  ...(
    [
      [14, 14, 1, 1],
      [14, 9, 3, 3],
      [5, 20, 2, 1],
    ] as const
  ).map(([period, window, slowing, signal]) =>
    indicator(
      `stochasticRsi ${period} ${window} ${slowing} ${signal}`,
      stochasticRsi({ period, window, slowing, signal }),
      (x) => {
        const [k, d] = naive.naiveStochasticRsi(x, period, window, slowing, signal);
        return { k, d };
      },
    ),
  ),
];

const ofBars: readonly Case<Candle>[] = [
  ...[1, 2, 20, 50].map((period) =>
    indicator(`cci ${period}`, cci({ period }), (x) => ({ '': naive.naiveCci(x, period) })),
  ),
  ...(
    [
      [7, 14, 28],
      [1, 2, 50],
    ] as const
  ).map(([short, medium, long]) =>
    indicator(`ultimateOscillator ${short} ${medium} ${long}`, ultimateOscillator({ short, medium, long }), (x) => ({
      '': naive.naiveUltimateOscillator(x, short, medium, long),
    })),
  ),
  indicator('awesomeOscillator 5 34', awesomeOscillator({ fast: 5, slow: 34 }), (x) => ({
    '': naive.naiveAwesomeOscillator(x, 5, 34),
  })),
  indicator('balanceOfPower', balanceOfPower(), (x) => ({
    '': x.map(({ open, high, low, close }) => (high === low ? 0 : (close - open) / (high - low))),
  })),
  ...[1, 25].map((period) =>
    indicator(`massIndex ${period}`, massIndex({ period }), (x) => ({ '': naive.naiveMassIndex(x, period) })),
  ),
];

for (const each of ofCloses) checkIndicator(test, each, () => walk(BARS).map(({ close }) => close));
for (const each of ofBars) checkIndicator(test, each, () => walk(BARS));

test('those of a window are the same wherever they began', () => {
  const bars = walk(3_000);
  const closes = bars.map(({ close }) => close);
  const inPrices = bars.map(({ open, high, low, close, volume }) => ({
    open: open / 10,
    high: high / 10,
    low: low / 10,
    close: close / 10,
    volume,
  }));
  for (const each of ofCloses.filter(({ name }) => name.startsWith('cmo '))) checkSameWhereverBegun(each, closes, 60);
  for (const each of ofBars.filter(({ name }) => /^(cci|ultimateOscillator|awesomeOscillator) /.test(name)))
    for (const inputs of [bars, inPrices]) checkSameWhereverBegun(each, inputs, 60);
});

test('they say finite numbers only, in fractions of prices and where nothing moves too', () => {
  const bars = walk(2_000).map(({ open, high, low, close }) => ({
    open: open / 1e7,
    high: high / 1e7,
    low: low / 1e7,
    close: close / 1e7,
    volume: 0,
  }));
  for (const each of ofCloses)
    checkFinite(
      each,
      bars.map(({ close }) => close),
    );
  for (const each of ofBars) checkFinite(each, bars);
});

test('where nothing moves they say what is documented', () => {
  const flat: Candle[] = Array.from({ length: 90 }, () => ({ open: 5.1, high: 5.1, low: 5.1, close: 5.1, volume: 0 }));
  const closes = flat.map(({ close }) => close);
  assert.is(run(cci({ period: 20 }), flat).at(-1), 0);
  assert.is(
    run(cci({ period: 20 }), [...walk(300).map((bar) => ({ ...bar, high: bar.high * 1.1e9 })), ...flat]).at(-1),
    0,
  );
  assert.is(run(cmo({ period: 20 }), closes).at(-1), 0);
  assert.is(run(trix({ period: 5 }), closes).at(-1), 0);
  assert.is(run(ultimateOscillator({ short: 7, medium: 14, long: 28 }), flat).at(-1), 50);
  assert.is(run(awesomeOscillator({ fast: 5, slow: 34 }), flat).at(-1), 0);
  assert.is(run(balanceOfPower(), flat).at(-1), 0);
  assert.is(run(massIndex({ period: 25 }), flat).at(-1), 25);
  assert.equal(run(stochasticRsi({ period: 14, slowing: 3, signal: 3 }), closes).at(-1), { k: 0, d: 0 });
  assert.is(run(trix({ period: 5 }), Array<number>(40).fill(0)).at(-1), undefined, 'of 0 there is no share');
});

test('the window of a stochastic RSI is its period, if not said', () => {
  const closes = walk(200).map(({ close }) => close);
  assert.equal(
    run(stochasticRsi({ period: 9, slowing: 3, signal: 3 }), closes),
    run(stochasticRsi({ period: 9, window: 9, slowing: 3, signal: 3 }), closes),
  );
});

test('periods that cannot be are refused, by their name', () => {
  assert.throws(() => cci({ period: 0 }), /cci, period: expected a whole number from 1/);
  assert.throws(() => cmo({ period: 1.5 }), /cmo, period/);
  assert.throws(() => trix({ period: -1 }), /trix, period/);
  assert.throws(() => massIndex({ period: 0 }), /massIndex, period/);
  assert.throws(() => stochasticRsi({ period: 14, window: 0, slowing: 3, signal: 3 }), /stochasticRsi, window/);
  assert.throws(() => stochasticRsi({ period: 14, slowing: 0, signal: 3 }), /stochasticRsi, slowing/);
  assert.throws(() => awesomeOscillator({ fast: 5, slow: 0 }), /awesomeOscillator, slow/);
  assert.throws(() => awesomeOscillator({ fast: 5, slow: 5 }), /awesomeOscillator, fast: expected less than slow, 5/);
  assert.throws(() => ultimateOscillator({ short: 0, medium: 14, long: 28 }), /ultimateOscillator, short/);
  assert.throws(() => ultimateOscillator({ short: 14, medium: 14, long: 28 }), /short: expected less than medium, 14/);
  assert.throws(() => ultimateOscillator({ short: 7, medium: 28, long: 28 }), /medium: expected less than long, 28/);
});

test.run();
