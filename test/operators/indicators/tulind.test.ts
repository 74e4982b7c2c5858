// time limit: 240 s
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Projection } from '../../../operators/fold.ts';
import { accumulationDistribution } from '../../../operators/indicators/accumulation-distribution.ts';
import { adx } from '../../../operators/indicators/adx.ts';
import { atr, natr } from '../../../operators/indicators/atr.ts';
import { bollingerBands } from '../../../operators/indicators/bollinger-bands.ts';
import type { Candle } from '../../../operators/indicators/candle.ts';
import { dema } from '../../../operators/indicators/dema.ts';
import { ema } from '../../../operators/indicators/ema.ts';
import { hma } from '../../../operators/indicators/hma.ts';
import { kama } from '../../../operators/indicators/kama.ts';
import { macd } from '../../../operators/indicators/macd.ts';
import { momentum, rateOfChange } from '../../../operators/indicators/momentum.ts';
import { obv } from '../../../operators/indicators/obv.ts';
import { rsi } from '../../../operators/indicators/rsi.ts';
import { sma } from '../../../operators/indicators/sma.ts';
import { stochastic } from '../../../operators/indicators/stochastic.ts';
import { tema } from '../../../operators/indicators/tema.ts';
import { williamsR } from '../../../operators/indicators/williams-r.ts';
import { wma } from '../../../operators/indicators/wma.ts';
import { loadTulind, type Tulind } from '../../support/tulind.ts';
import { walk } from './bars.ts';

const test = suite('operators/indicators/tulind');

const RELATIVE = 1e-9;
/** Of what lies between 0 and 100: tulind's sums do not come back to 0 where nothing moves. */
const ABSOLUTE = 1e-9;

type Column = 'high' | 'low' | 'close' | 'volume';
const CLOSE: readonly Column[] = ['close'];
const HLC: readonly Column[] = ['high', 'low', 'close'];
const CLOSES = (candle: Candle): number => candle.close;
const BARS = (candle: Candle): Candle => candle;

/** Name and options for tulind, what it reads, our fold, and which of its outputs are tulind's, in tulind's order. */
const cases = [
  ...[1, 5, 200].flatMap((period) => [
    compared('sma', [period], CLOSE, CLOSES, sma({ period }), ['']),
    compared('ema', [period], CLOSE, CLOSES, ema({ period }), ['']),
    compared('wma', [period], CLOSE, CLOSES, wma({ period }), ['']),
    compared('dema', [period], CLOSE, CLOSES, dema({ period }), ['']),
    compared('tema', [period], CLOSE, CLOSES, tema({ period }), ['']),
    compared('kama', [period], CLOSE, CLOSES, kama({ period }), ['']),
    compared('rsi', [period], CLOSE, CLOSES, rsi({ period }), ['']),
    compared('atr', [period], HLC, BARS, atr({ period }), ['']),
    compared('mom', [period], CLOSE, CLOSES, momentum({ period }), ['']),
    compared('roc', [period], CLOSE, CLOSES, rateOfChange({ period }), ['']),
    compared('willr', [period], HLC, BARS, williamsR({ period }), ['']),
    compared('natr', [period], HLC, BARS, natr({ period }), ['']),
  ]),
  ...[2, 16, 200].map((period) => compared('hma', [period], CLOSE, CLOSES, hma({ period }), [''])),
  ...[2, 14, 100].flatMap((period) => [
    compared('adx', [period], HLC, BARS, adx({ period }), ['adx']),
    compared('di', [period], HLC, BARS, adx({ period }), ['plusDi', 'minusDi']),
  ]),
  compared('obv', [], ['close', 'volume'], BARS, obv(), ['']),
  compared('ad', [], ['high', 'low', 'close', 'volume'], BARS, accumulationDistribution(), ['']),
  compared('macd', [12, 26, 9], CLOSE, CLOSES, macd({ fast: 12, slow: 26, signal: 9 }), [
    'line',
    'signal',
    'histogram',
  ]),
  compared('macd', [5, 35, 5], CLOSE, CLOSES, macd({ fast: 5, slow: 35, signal: 5 }), ['line', 'signal', 'histogram']),
  compared('bbands', [20, 2], CLOSE, CLOSES, bollingerBands({ period: 20, deviations: 2 }), [
    'lower',
    'middle',
    'upper',
  ]),
  compared('stoch', [14, 3, 3], HLC, BARS, stochastic({ period: 14, slowing: 3, signal: 3 }), ['k', 'd']),
  compared('stoch', [100, 1, 5], HLC, BARS, stochastic({ period: 100, slowing: 1, signal: 5 }), ['k', 'd']),
];

interface Compared {
  readonly name: string;
  readonly options: readonly number[];
  readonly columns: readonly Column[];
  /** What ours says of each bar, or undefined. */
  readonly ours: (bars: readonly Candle[]) => unknown[];
  readonly outputs: readonly string[];
}

function compared<Input, State>(
  name: string,
  options: readonly number[],
  columns: readonly Column[],
  inputOf: (candle: Candle) => Input,
  { initialState, evolve, project }: Projection<Input, State, unknown>,
  outputs: readonly string[],
): Compared {
  const ours = (bars: readonly Candle[]): unknown[] => {
    let state = initialState();
    return bars.map((bar) => {
      state = evolve(state, inputOf(bar));
      return project(state, inputOf(bar));
    });
  };
  return { name, options, columns, ours, outputs };
}

/** @returns how many values were compared */
function compare(tulind: Tulind, { name, options, columns, ours, outputs }: Compared, bars: readonly Candle[]): number {
  const inputs = columns.map((column) => bars.map((bar) => bar[column]));
  const reference = tulind.run(name, inputs, options);
  let count = 0;
  for (const [n, said] of ours(bars).entries()) {
    if (said === undefined) continue;
    assert.ok(n >= reference.start, `${name} ${options}: ours speaks at ${n}, tulind from ${reference.start} on`);
    for (const [at, output] of outputs.entries()) {
      const found = (output === '' ? said : Reflect.get(said as object, output)) as number;
      const expected = reference.outputs[at]![n - reference.start]!;
      // It divides 0 by 0 where nothing moved; what ours says there is tested with the others' definitions.
      if (Number.isNaN(expected)) continue;
      const isNear = Math.abs(found - expected) <= RELATIVE * Math.abs(expected) + ABSOLUTE;
      assert.ok(isNear, `${name} ${options} ${output} at ${n}: expected ${expected}, found ${found}`);
      count++;
    }
  }
  return count;
}

const tulind = await loadTulind();
/** Without the stretches in which nothing moves: there tulind takes roots of what is below 0. */
const MOVING = walk(5_000, 11).filter((_, n) => n % 100 < 60);

for (const each of cases)
  test(`${each.name} ${each.options} is tulind's, in ticks and in prices`, () => {
    if (tulind === undefined) return;
    const inPrices = MOVING.map(({ open, high, low, close, volume }) => ({
      open: open / 10,
      high: high / 10,
      low: low / 10,
      close: close / 10,
      volume: volume / 1_000,
    }));
    for (const bars of [MOVING, inPrices]) assert.ok(compare(tulind, each, bars) > 2_000);
  });

test.run();
