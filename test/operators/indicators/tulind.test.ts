// time limit: 240 s
import { suite } from 'uvu';
import { accumulationDistribution } from '../../../operators/indicators/accumulation-distribution.ts';
import { adx } from '../../../operators/indicators/adx.ts';
import { aroon } from '../../../operators/indicators/aroon.ts';
import { atr, natr } from '../../../operators/indicators/atr.ts';
import { awesomeOscillator } from '../../../operators/indicators/awesome-oscillator.ts';
import { balanceOfPower } from '../../../operators/indicators/balance-of-power.ts';
import { bollingerBands } from '../../../operators/indicators/bollinger-bands.ts';
import { cci } from '../../../operators/indicators/cci.ts';
import { chaikinOscillator } from '../../../operators/indicators/chaikin-oscillator.ts';
import { cmo } from '../../../operators/indicators/cmo.ts';
import { dema } from '../../../operators/indicators/dema.ts';
import { easeOfMovement } from '../../../operators/indicators/ease-of-movement.ts';
import { ema } from '../../../operators/indicators/ema.ts';
import { hma } from '../../../operators/indicators/hma.ts';
import { kama } from '../../../operators/indicators/kama.ts';
import { linearRegression } from '../../../operators/indicators/linear-regression.ts';
import { macd } from '../../../operators/indicators/macd.ts';
import { massIndex } from '../../../operators/indicators/mass-index.ts';
import { momentum, rateOfChange } from '../../../operators/indicators/momentum.ts';
import { moneyFlowIndex } from '../../../operators/indicators/money-flow-index.ts';
import { obv } from '../../../operators/indicators/obv.ts';
import { parabolicSar } from '../../../operators/indicators/parabolic-sar.ts';
import { rsi } from '../../../operators/indicators/rsi.ts';
import { sma } from '../../../operators/indicators/sma.ts';
import { stochastic } from '../../../operators/indicators/stochastic.ts';
import { stochasticRsi } from '../../../operators/indicators/stochastic-rsi.ts';
import { tema } from '../../../operators/indicators/tema.ts';
import { trix } from '../../../operators/indicators/trix.ts';
import { ultimateOscillator } from '../../../operators/indicators/ultimate-oscillator.ts';
import { standardDeviation, variance } from '../../../operators/indicators/variance.ts';
import { williamsR } from '../../../operators/indicators/williams-r.ts';
import { wma } from '../../../operators/indicators/wma.ts';
import { BARS, CLOSE, CLOSES, compared, HL, HLC, HLCV, testAgainstTulind } from './compare-with-tulind.ts';

const test = suite('operators/indicators/tulind');

const LOW = { origin: 600_000 };

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
  compared('ad', [], HLCV, BARS, accumulationDistribution(), ['']),
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
  ...[5, 14, 200].flatMap((period) => [
    compared('cci', [period], HLC, BARS, cci({ period }), [''], LOW),
    compared('linreg', [period], CLOSE, CLOSES, linearRegression({ period }), ['value']),
    compared('linregslope', [period], CLOSE, CLOSES, linearRegression({ period }), ['slope'], LOW),
    compared('linregintercept', [period], CLOSE, CLOSES, linearRegression({ period }), ['intercept']),
    compared('var', [period], CLOSE, CLOSES, variance({ period }), [''], LOW),
    compared('stddev', [period], CLOSE, CLOSES, standardDeviation({ period }), [''], LOW),
    compared('stochrsi', [period], CLOSE, CLOSES, stochasticRsi({ period, slowing: 1, signal: 1 }), ['k'], {
      unit: 100,
    }),
  ]),
  // For a period of 1 tulind begins with 0 instead of the first input.
  ...[2, 14, 200].map((period) => compared('trix', [period], CLOSE, CLOSES, trix({ period }), [''])),
  ...[1, 14, 200].flatMap((period) => [
    compared('mfi', [period], HLCV, BARS, moneyFlowIndex({ period }), ['']),
    compared('aroon', [period], HL, BARS, aroon({ period }), ['down', 'up']),
    compared('aroonosc', [period], HL, BARS, aroon({ period }), ['oscillator']),
    compared('cmo', [period], CLOSE, CLOSES, cmo({ period }), ['']),
    compared('mass', [period], HL, BARS, massIndex({ period }), ['']),
  ]),
  ...[
    { step: 0.02, maximum: 0.2 },
    { step: 0.1, maximum: 0.25 },
  ].map(({ step, maximum }) => compared('psar', [step, maximum], HL, BARS, parabolicSar({ step, maximum }), ['sar'])),
  ...[
    { fast: 3, slow: 10 },
    { fast: 10, slow: 50 },
  ].map(({ fast, slow }) => compared('adosc', [fast, slow], HLCV, BARS, chaikinOscillator({ fast, slow }), [''])),
  ...[
    { short: 7, medium: 14, long: 28 },
    { short: 1, medium: 50, long: 200 },
  ].map((periods) => compared('ultosc', Object.values(periods), HLC, BARS, ultimateOscillator(periods), [''])),
  compared('ao', [], HL, BARS, awesomeOscillator({ fast: 5, slow: 34 }), ['']),
  compared('bop', [], ['open', 'high', 'low', 'close'], BARS, balanceOfPower(), ['']),
  compared('emv', [], ['high', 'low', 'volume'], BARS, easeOfMovement(), ['']),
];

for (const each of cases) testAgainstTulind(test, each);

test.run();
