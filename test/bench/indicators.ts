import * as peer from 'trading-signals';
import type { Projection } from '../../operators/fold.ts';
import { accumulationDistribution } from '../../operators/indicators/accumulation-distribution.ts';
import { adx } from '../../operators/indicators/adx.ts';
import { aroon } from '../../operators/indicators/aroon.ts';
import { atr, natr } from '../../operators/indicators/atr.ts';
import { awesomeOscillator } from '../../operators/indicators/awesome-oscillator.ts';
import { balanceOfPower } from '../../operators/indicators/balance-of-power.ts';
import { bollingerBands } from '../../operators/indicators/bollinger-bands.ts';
import { cci } from '../../operators/indicators/cci.ts';
import { chaikinMoneyFlow } from '../../operators/indicators/chaikin-money-flow.ts';
import { chaikinOscillator } from '../../operators/indicators/chaikin-oscillator.ts';
import { choppiness } from '../../operators/indicators/choppiness.ts';
import { cmo } from '../../operators/indicators/cmo.ts';
import { dema } from '../../operators/indicators/dema.ts';
import { donchianChannel } from '../../operators/indicators/donchian-channel.ts';
import { ema } from '../../operators/indicators/ema.ts';
import { forceIndex } from '../../operators/indicators/force-index.ts';
import { hma } from '../../operators/indicators/hma.ts';
import { ichimoku } from '../../operators/indicators/ichimoku.ts';
import { kama } from '../../operators/indicators/kama.ts';
import { keltnerChannel } from '../../operators/indicators/keltner-channel.ts';
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
import { supertrend } from '../../operators/indicators/supertrend.ts';
import { tema } from '../../operators/indicators/tema.ts';
import { trix } from '../../operators/indicators/trix.ts';
import { ultimateOscillator } from '../../operators/indicators/ultimate-oscillator.ts';
import { vortex } from '../../operators/indicators/vortex.ts';
import { williamsR } from '../../operators/indicators/williams-r.ts';
import { wma } from '../../operators/indicators/wma.ts';
import { walk } from '../operators/indicators/bars.ts';
import { type Bench, timeInTurn } from './bench.ts';

const BARS = 200_000;

interface Peer<Input> {
  add(input: Input): unknown;
}

interface Pair {
  readonly name: string;
  readonly ours: () => void;
  readonly theirs: () => void;
}

export default {
  name: 'indicators',
  summary: 'ns an update over 200,000 bars, each indicator that both have',
  target: { of: 'ratio', at: 'least', bound: 2 },
  async run({ say }) {
    const bars = walk(BARS);
    const closes = bars.map(({ close }) => close);
    const macdOfPeer = () => new peer.MACD(new peer.EMA(12), new peer.EMA(26), new peer.EMA(9));
    const pairs: readonly Pair[] = [
      pair('sma', closes, sma({ period: 20 }), () => new peer.SMA(20)),
      pair('ema', closes, ema({ period: 20 }), () => new peer.EMA(20)),
      pair('wma', closes, wma({ period: 20 }), () => new peer.WMA(20)),
      pair('dema', closes, dema({ period: 20 }), () => new peer.DEMA(20)),
      pair('tema', closes, tema({ period: 20 }), () => new peer.TEMA(20)),
      pair('hma', closes, hma({ period: 20 }), () => new peer.HMA(20)),
      pair('kama', closes, kama({ period: 10 }), () => new peer.KAMA(10)),
      pair('rsi', closes, rsi({ period: 14 }), () => new peer.RSI(14)),
      pair('macd', closes, macd({ fast: 12, slow: 26, signal: 9 }), macdOfPeer),
      pair(
        'bollingerBands',
        closes,
        bollingerBands({ period: 20, deviations: 2 }),
        () => new peer.BollingerBands(20, 2),
      ),
      pair(
        'stochastic',
        bars,
        stochastic({ period: 14, slowing: 3, signal: 3 }),
        () => new peer.StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 }),
      ),
      pair('atr', bars, atr({ period: 14 }), () => new peer.ATR(14)),
      pair('natr', bars, natr({ period: 14 }), () => new peer.NATR(14)),
      pair('adx', bars, adx({ period: 14 }), () => new peer.ADX(14)),
      pair('momentum', closes, momentum({ period: 10 }), () => new peer.MOM(10)),
      pair('rateOfChange', closes, rateOfChange({ period: 10 }), () => new peer.ROC(10)),
      pair('cmo', closes, cmo({ period: 14 }), () => new peer.CMO(14)),
      pair('trix', closes, trix({ period: 15 }), () => new peer.TRIX(15)),
      pair(
        'stochasticRsi',
        closes,
        stochasticRsi({ period: 14, slowing: 3, signal: 3 }),
        () => new peer.StochasticRSI(14, peer.WSMA, { k: new peer.SMA(3), d: new peer.SMA(3) }),
      ),
      pair('linearRegression', closes, linearRegression({ period: 20 }), () => new peer.LinearRegression(20)),
      pair('cci', bars, cci({ period: 20 }), () => new peer.CCI(20)),
      pair('williamsR', bars, williamsR({ period: 14 }), () => new peer.WilliamsR(14)),
      pair('awesomeOscillator', bars, awesomeOscillator({ fast: 5, slow: 34 }), () => new peer.AO(5, 34)),
      pair('balanceOfPower', bars, balanceOfPower(), () => new peer.BOP()),
      pair(
        'ultimateOscillator',
        bars,
        ultimateOscillator({ short: 7, medium: 14, long: 28 }),
        () => new peer.UltimateOscillator({ shortPeriod: 7, mediumPeriod: 14, longPeriod: 28 }),
      ),
      pair('massIndex', bars, massIndex({ period: 25 }), () => new peer.MassIndex(25)),
      pair('aroon', bars, aroon({ period: 25 }), () => new peer.Aroon(25)),
      pair(
        'parabolicSar',
        bars,
        parabolicSar({ step: 0.02, maximum: 0.2 }),
        () => new peer.PSAR({ accelerationStep: 0.02, accelerationMax: 0.2 }),
      ),
      pair(
        'supertrend',
        bars,
        supertrend({ period: 10, multiplier: 3 }),
        () => new peer.SuperTrend({ interval: 10, multiplier: 3 }),
      ),
      pair(
        'ichimoku',
        bars,
        ichimoku({ conversion: 9, base: 26, spanB: 52 }),
        () => new peer.IchimokuCloud({ conversionInterval: 9, baseInterval: 26, spanBInterval: 52 }),
      ),
      pair(
        'keltnerChannel',
        bars,
        keltnerChannel({ period: 20, multiplier: 2 }),
        () => new peer.KeltnerChannels({ atrInterval: 20, emaInterval: 20, multiplier: 2 }),
      ),
      pair('donchianChannel', bars, donchianChannel({ period: 20 }), () => new peer.DonchianChannels(20)),
      pair('vortex', bars, vortex({ period: 14 }), () => new peer.VortexIndicator(14)),
      pair('choppiness', bars, choppiness({ period: 14 }), () => new peer.CHOP(14)),
      pair('obv', bars, obv(), () => new peer.OBV(2)),
      pair('accumulationDistribution', bars, accumulationDistribution(), () => new peer.AD()),
      pair(
        'chaikinOscillator',
        bars,
        chaikinOscillator({ fast: 3, slow: 10 }),
        () => new peer.ADOSC({ fastPeriod: 3, slowPeriod: 10 }),
      ),
      pair('chaikinMoneyFlow', bars, chaikinMoneyFlow({ period: 20 }), () => new peer.CMF(20)),
      pair('moneyFlowIndex', bars, moneyFlowIndex({ period: 14 }), () => new peer.MFI(14)),
      pair('forceIndex', bars, forceIndex({ period: 13 }), () => new peer.ForceIndex(13)),
    ];
    const measured = pairs.map(({ name, ours, theirs }) => {
      const [oursNs = 0, theirsNs = 0] = timeInTurn([ours, theirs]).map((ms) => (ms * 1e6) / BARS);
      say(`indicators: ${name} ${oursNs.toFixed(1)} ns, trading-signals ${theirsNs.toFixed(1)} ns`);
      return { name, oursNs, theirsNs, ratio: theirsNs / oursNs };
    });
    const mean = (values: readonly number[]): number =>
      Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
    const ratios = measured.map(({ name, ratio }) => `${name} ${ratio.toFixed(1)}`).join(', ');
    return {
      name: 'indicators',
      value: mean(measured.map(({ oursNs }) => oursNs)),
      unit: 'ns/update',
      reference: 'trading-signals 8.3, geometric mean like ours',
      referenceValue: mean(measured.map(({ theirsNs }) => theirsNs)),
      ratio: mean(measured.map(({ ratio }) => ratio)),
      note: `times as fast: ${ratios}`,
    };
  },
} satisfies Bench;

/**
 * Loops made anew for each indicator: one loop for all of them would be compiled for none, and measure how functions are
 * found rather than what they do. The name is in them, since V8 takes the same text for the same function.
 */
const loopOfOurs = (
  name: string,
): ((inputs: readonly unknown[], projection: Projection<never, never, unknown>) => unknown) =>
  new Function(
    'inputs',
    '{ initialState, evolve, project }',
    `/* ${name} */ let state = initialState(), last; for (let n = 0; n < inputs.length; n++) { state = evolve(state, inputs[n]); last = project(state, inputs[n]); } return last;`,
  ) as ReturnType<typeof loopOfOurs>;
const loopOfTheirs = (name: string): ((inputs: readonly unknown[], indicator: unknown) => unknown) =>
  new Function(
    'inputs',
    'indicator',
    `/* ${name} */ let last; for (let n = 0; n < inputs.length; n++) last = indicator.add(inputs[n]); return last;`,
  ) as ReturnType<typeof loopOfTheirs>;

/** One pass of each over the same inputs, every result asked for. */
function pair<Input, State>(
  name: string,
  inputs: readonly Input[],
  projection: Projection<Input, State, unknown>,
  create: () => Peer<Input>,
): Pair {
  const [ours, theirs] = [loopOfOurs(name), loopOfTheirs(name)];
  const spoken = (result: unknown, who: string): void => {
    if (result === null || result === undefined) throw new Error(`${name}: ${who} said nothing`);
  };
  return {
    name,
    ours: () => spoken(ours(inputs, projection as unknown as Projection<never, never, unknown>), 'ours'),
    theirs: () => spoken(theirs(inputs, create()), 'trading-signals'),
  };
}
