import type { Projection } from '../../operators/fold.ts';
import { inBatch } from '../../operators/in-batch.ts';
import { aroon } from '../../operators/indicators/aroon.ts';
import { atr } from '../../operators/indicators/atr.ts';
import { bollingerBands } from '../../operators/indicators/bollinger-bands.ts';
import type { Candle } from '../../operators/indicators/candle.ts';
import { cci } from '../../operators/indicators/cci.ts';
import { donchianChannel } from '../../operators/indicators/donchian-channel.ts';
import { ema } from '../../operators/indicators/ema.ts';
import { linearRegression } from '../../operators/indicators/linear-regression.ts';
import { moneyFlowIndex } from '../../operators/indicators/money-flow-index.ts';
import { rollingQuantile } from '../../operators/indicators/rolling-quantile.ts';
import { rsi } from '../../operators/indicators/rsi.ts';
import { kurtosis } from '../../operators/indicators/skewness.ts';
import { sma } from '../../operators/indicators/sma.ts';
import { wma } from '../../operators/indicators/wma.ts';
import { walk } from '../operators/indicators/bars.ts';
import { type Bench, median } from './bench.ts';

const BARS = 100_000;
const WINDOWS = [10, 100, 1_000, 10_000];
const RUNS = 7;
/** O(log n) ones may take as much longer as a tree of 10,000 is deeper, and lies farther from the processor, than one of 10. */
const AT_MOST = 2;

const made: Readonly<Record<string, (period: number) => Projection<never, never, number | object>>> = {
  sma: (period) => of(sma({ period })),
  ema: (period) => of(ema({ period })),
  wma: (period) => of(wma({ period })),
  rsi: (period) => of(rsi({ period })),
  bollingerBands: (period) => of(bollingerBands({ period, deviations: 2 })),
  linearRegression: (period) => of(linearRegression({ period })),
  kurtosis: (period) => of(kurtosis({ period })),
  rollingQuantile: (period) => of(rollingQuantile({ period, quantile: 0.5 })),
  atr: (period) => of(atr({ period })),
  donchianChannel: (period) => of(donchianChannel({ period })),
  aroon: (period) => of(aroon({ period })),
  moneyFlowIndex: (period) => of(moneyFlowIndex({ period })),
  cci: (period) => of(cci({ period })),
};
const OF_CLOSES = new Set([
  'sma',
  'ema',
  'wma',
  'rsi',
  'bollingerBands',
  'linearRegression',
  'kurtosis',
  'rollingQuantile',
]);

function of<Input, State>(
  projection: Projection<Input, State, number | object>,
): Projection<never, never, number | object> {
  return projection as unknown as Projection<never, never, number | object>;
}

export default {
  name: 'indicator-window',
  summary: 'ns a bar at a window of 10,000 over that at 10, geometric mean',
  target: { of: 'value', at: 'most', bound: AT_MOST },
  async run({ say }) {
    const bars = walk(BARS);
    const closes = Float64Array.from(bars, ({ close }) => close);
    const curves = Object.entries(made).map(([name, create]) => {
      const inputs = (OF_CLOSES.has(name) ? closes : bars) as ArrayLike<never> | readonly Candle[];
      const ns = WINDOWS.map((period) => {
        const times: number[] = [];
        for (let run = -2; run < RUNS; run++) {
          const start = performance.now();
          inBatch(create(period), inputs as ArrayLike<never>);
          if (run >= 0) times.push(performance.now() - start);
        }
        return (median(times) * 1e6) / BARS;
      });
      say(`indicator-window: ${name} ${ns.map((each) => each.toFixed(0)).join(' / ')} ns`);
      return { name, ns };
    });
    const growth = curves.map(({ ns }) => ns.at(-1)! / ns[0]!);
    const text = curves.map(({ name, ns }) => `${name} ${ns.map((each) => each.toFixed(0)).join('/')}`).join(', ');
    return {
      name: 'indicator-window',
      value: Math.exp(growth.reduce((sum, ratio) => sum + Math.log(ratio), 0) / growth.length),
      unit: '×',
      reference: null,
      referenceValue: null,
      ratio: null,
      note: `ns a bar at windows of ${WINDOWS.map((window) => window.toLocaleString('en')).join(' / ')}: ${text}`,
    };
  },
} satisfies Bench;
