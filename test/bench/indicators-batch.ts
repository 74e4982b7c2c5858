import type { Projection } from '../../operators/fold.ts';
import { inBatch } from '../../operators/in-batch.ts';
import { accumulationDistribution } from '../../operators/indicators/accumulation-distribution.ts';
import { adx } from '../../operators/indicators/adx.ts';
import { aroon } from '../../operators/indicators/aroon.ts';
import { atr, natr } from '../../operators/indicators/atr.ts';
import { awesomeOscillator } from '../../operators/indicators/awesome-oscillator.ts';
import { balanceOfPower } from '../../operators/indicators/balance-of-power.ts';
import { bollingerBands } from '../../operators/indicators/bollinger-bands.ts';
import type { Candle } from '../../operators/indicators/candle.ts';
import { cci } from '../../operators/indicators/cci.ts';
import { chaikinOscillator } from '../../operators/indicators/chaikin-oscillator.ts';
import { cmo } from '../../operators/indicators/cmo.ts';
import { dema } from '../../operators/indicators/dema.ts';
import { easeOfMovement } from '../../operators/indicators/ease-of-movement.ts';
import { ema } from '../../operators/indicators/ema.ts';
import { hma } from '../../operators/indicators/hma.ts';
import { kama } from '../../operators/indicators/kama.ts';
import { linearRegression } from '../../operators/indicators/linear-regression.ts';
import { macd } from '../../operators/indicators/macd.ts';
import { massIndex } from '../../operators/indicators/mass-index.ts';
import { momentum, rateOfChange } from '../../operators/indicators/momentum.ts';
import { moneyFlowIndex } from '../../operators/indicators/money-flow-index.ts';
import { obv } from '../../operators/indicators/obv.ts';
import { parabolicSar } from '../../operators/indicators/parabolic-sar.ts';
import { rsi } from '../../operators/indicators/rsi.ts';
import { sma } from '../../operators/indicators/sma.ts';
import { stochastic } from '../../operators/indicators/stochastic.ts';
import { stochasticRsi } from '../../operators/indicators/stochastic-rsi.ts';
import { tema } from '../../operators/indicators/tema.ts';
import { trix } from '../../operators/indicators/trix.ts';
import { ultimateOscillator } from '../../operators/indicators/ultimate-oscillator.ts';
import { standardDeviation, variance } from '../../operators/indicators/variance.ts';
import { williamsR } from '../../operators/indicators/williams-r.ts';
import { wma } from '../../operators/indicators/wma.ts';
import { walk } from '../operators/indicators/bars.ts';
import { loadTulind, type Tulind } from '../support/tulind.ts';
import { type Bench, median } from './bench.ts';

const BARS = 200_000;
/** Of each, in turn. */
const RUNS = 7;
const AT_LEAST = 80;

type Column = 'open' | 'high' | 'low' | 'close' | 'volume';
interface Pair {
  readonly name: string;
  readonly ours: (closes: Float64Array, bars: readonly Candle[]) => unknown;
  readonly theirs: (tulind: Tulind, columns: Readonly<Record<Column, readonly number[]>>) => unknown;
}

/** Of closes. @param outputs of ours that tulind has too */
function ofCloses<State>(
  name: string,
  options: readonly number[],
  projection: Projection<number, State, number | object>,
  outputs?: readonly string[],
): Pair {
  return {
    name,
    ours: (closes) => inBatch(projection, closes, outputs),
    theirs: (tulind, { close }) => tulind.run(name, [close], options),
  };
}

function ofBars<State>(
  name: string,
  options: readonly number[],
  columns: readonly Column[],
  projection: Projection<Candle, State, number | object>,
  outputs?: readonly string[],
): Pair {
  return {
    name,
    ours: (_, bars) => inBatch(projection, bars, outputs),
    theirs: (tulind, all) =>
      tulind.run(
        name,
        columns.map((column) => all[column]),
        options,
      ),
  };
}

const HL: readonly Column[] = ['high', 'low'];
const HLC: readonly Column[] = [...HL, 'close'];
const HLCV: readonly Column[] = [...HLC, 'volume'];
const period = 20;

const PAIRS: readonly Pair[] = [
  ofCloses('sma', [period], sma({ period })),
  ofCloses('ema', [period], ema({ period })),
  ofCloses('wma', [period], wma({ period })),
  ofCloses('dema', [period], dema({ period })),
  ofCloses('tema', [period], tema({ period })),
  ofCloses('hma', [period], hma({ period })),
  ofCloses('kama', [period], kama({ period })),
  ofCloses('rsi', [period], rsi({ period })),
  ofCloses('cmo', [period], cmo({ period })),
  ofCloses('trix', [period], trix({ period })),
  ofCloses('mom', [period], momentum({ period })),
  ofCloses('roc', [period], rateOfChange({ period })),
  ofCloses('macd', [12, 26, 9], macd({ fast: 12, slow: 26, signal: 9 }), ['line', 'signal', 'histogram']),
  ofCloses('bbands', [period, 2], bollingerBands({ period, deviations: 2 }), ['lower', 'middle', 'upper']),
  ofCloses('stochrsi', [period], stochasticRsi({ period, slowing: 1, signal: 1 }), ['k']),
  ofCloses('linreg', [period], linearRegression({ period }), ['value']),
  ofCloses('var', [period], variance({ period })),
  ofCloses('stddev', [period], standardDeviation({ period })),
  ofBars('stoch', [14, 3, 3], HLC, stochastic({ period: 14, slowing: 3, signal: 3 }), ['k', 'd']),
  ofBars('atr', [period], HLC, atr({ period })),
  ofBars('natr', [period], HLC, natr({ period })),
  ofBars('adx', [period], HLC, adx({ period }), ['adx']),
  ofBars('di', [period], HLC, adx({ period }), ['plusDi', 'minusDi']),
  ofBars('aroon', [period], HL, aroon({ period }), ['down', 'up']),
  ofBars('cci', [period], HLC, cci({ period })),
  ofBars('willr', [period], HLC, williamsR({ period })),
  ofBars('ultosc', [7, 14, 28], HLC, ultimateOscillator({ short: 7, medium: 14, long: 28 })),
  ofBars('ao', [], HL, awesomeOscillator({ fast: 5, slow: 34 })),
  ofBars('bop', [], ['open', ...HLC], balanceOfPower()),
  ofBars('mass', [period], HL, massIndex({ period })),
  ofBars('psar', [0.02, 0.2], HL, parabolicSar({ step: 0.02, maximum: 0.2 }), ['sar']),
  ofBars('obv', [], ['close', 'volume'], obv()),
  ofBars('ad', [], HLCV, accumulationDistribution()),
  ofBars('adosc', [3, 10], HLCV, chaikinOscillator({ fast: 3, slow: 10 })),
  ofBars('mfi', [period], HLCV, moneyFlowIndex({ period })),
  ofBars('emv', [], ['high', 'low', 'volume'], easeOfMovement()),
];

export default {
  name: 'indicators-batch',
  summary:
    'share of the indicators that are faster than tulind over 200,000 bars at once, through the same folds as live',
  target: { of: 'value', at: 'least', bound: AT_LEAST },
  async run({ say }) {
    const tulind = await loadTulind();
    if (tulind === undefined) throw new Error('indicators-batch: tulind cannot be compiled here');
    const bars = walk(BARS);
    const of = (column: Column): number[] => bars.map((bar) => bar[column]);
    const columns = { open: of('open'), high: of('high'), low: of('low'), close: of('close'), volume: of('volume') };
    const closes = Float64Array.from(columns.close);
    const measured = PAIRS.map(({ name, ours, theirs }) => {
      const times = { ours: [] as number[], theirs: [] as number[] };
      for (let run = -2; run < RUNS; run++) {
        const start = performance.now();
        ours(closes, bars);
        const middle = performance.now();
        theirs(tulind, columns);
        if (run < 0) continue;
        times.ours.push(middle - start);
        times.theirs.push(performance.now() - middle);
      }
      const [oursNs, theirsNs] = [times.ours, times.theirs].map((ms) => (median(ms) * 1e6) / BARS) as [number, number];
      say(`indicators-batch: ${name} ${oursNs.toFixed(1)} ns a bar, tulind ${theirsNs.toFixed(1)} ns`);
      return { name, ratio: theirsNs / oursNs };
    });
    const faster = measured.filter(({ ratio }) => ratio > 1);
    const slower = measured.filter(({ ratio }) => ratio <= 1).map(({ name, ratio }) => `${name} ${ratio.toFixed(2)}`);
    const mean = Math.exp(measured.reduce((sum, { ratio }) => sum + Math.log(ratio), 0) / measured.length);
    return {
      name: 'indicators-batch',
      value: (100 * faster.length) / measured.length,
      unit: '%',
      reference: 'tulind 0.8.20 in batch, by its Node binding; times as fast, geometric mean',
      referenceValue: null,
      ratio: mean,
      note: `${faster.length} of ${measured.length}${slower.length === 0 ? '' : `; not faster: ${slower.join(', ')}`}`,
    };
  },
} satisfies Bench;
