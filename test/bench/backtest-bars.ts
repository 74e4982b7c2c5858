import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { constantLatency } from '../../operators/matching/latency.ts';
import type { OrderSide } from '../../operators/matching/order.ts';
import { random } from '../../operators/random.ts';
import { DEFAULT_RISK_LIMITS } from '../../operators/risk/risk-limits.ts';
import type { Market } from '../../pipelines/simulation/strategy.ts';
import { MOVING_AVERAGE_CROSS } from '../../pipelines/strategies/moving-average-cross.ts';
import { BAR_ASSUMPTIONS, type BarRun, createBarRun } from '../../services/backtest/bar-run.ts';
import { createScale } from '../../streams/events/scale.ts';
import type { BarTape } from '../../streams/tape/bar-tape.ts';
import { createBarTapeBuilder } from '../../streams/tape/bar-tape-builder.ts';
import { type Bench, timeInTurn } from './bench.ts';

const INTERVAL_MS = 300_000;
const CANDLES = 210_240;
const SCALE = createScale('0.1', '0.001');
const PARAMETERS = { barMs: INTERVAL_MS, fast: 10, slow: 30, qty: 0.01 };

export default {
  name: 'backtest-bars',
  summary:
    '2 years of 5-minute bars in columns → moving-average cross → candle model with costs and funding → account → fills and curve',
  target: { of: 'value', at: 'least', bound: 5 },
  async run({ captures }) {
    const recorded = captures === undefined ? undefined : recordedBars(join(dirname(captures), 'klines'));
    const bars = recorded ?? madeBars();
    let last: BarRun | undefined;
    const run = (): void => {
      last = createBarRun({
        bars,
        funding: bars.funding,
        instrument: 'binance-usdm:BTCUSDT',
        scale: SCALE,
        strategy: MOVING_AVERAGE_CROSS,
        parameters: PARAMETERS,
        assumptions: BAR_ASSUMPTIONS,
        latency: constantLatency(5, 5),
        seed: 1,
        balance: 10_000,
        leverage: 5,
        feeTier: 0,
        limits: DEFAULT_RISK_LIMITS,
      });
      last.simulation.push(bars);
      last.simulation.end();
      last.curve.take();
    };
    // The part of the strategy alone, which sees each bar and sends no order.
    const [ms = 0, ownMs = 0] = timeInTurn([run, () => strategyAlone(bars)]);
    const { fills, funding } = last!.account;
    const isWhole = fills.length > 1_000 && (recorded === undefined || funding.length > 2_000);
    if (!isWhole)
      throw new Error(`backtest-bars: expected fills and funding, found ${fills.length} and ${funding.length}`);
    const own = `${fills.length} fills, ${Math.round((100 * ownMs) / ms)} % of the time is the strategy's own`;
    return {
      name: 'backtest-bars',
      value: bars.openTimesMs.length / ms / 1_000,
      unit: 'M bars/s',
      reference: null,
      referenceValue: null,
      ratio: null,
      note: recorded === undefined ? `made bars; ${own}` : own,
    };
  },
} satisfies Bench;

/** The bars of the strategy's onBar, and a market that fills what it is asked for at once. */
function strategyAlone({ openTimesMs, open, high, low, close, volume }: BarTape): void {
  const strategy = MOVING_AVERAGE_CROSS.create(PARAMETERS);
  const market = {
    orders: [],
    positionSteps: 0,
    stepSize: SCALE.qty.toNumber(1),
    placeMarket(side: OrderSide, qtySteps: number): number {
      market.positionSteps += side === 'buy' ? qtySteps : -qtySteps;
      return 1;
    },
  };
  for (let n = 0; n < openTimesMs.length; n++) {
    const openTimeMs = openTimesMs[n]!;
    strategy.onBar!(
      {
        type: 'bar',
        openTimeMs,
        closeTimeMs: openTimeMs + INTERVAL_MS,
        open: open[n]!,
        high: high[n]!,
        low: low[n]!,
        close: close[n]!,
        volume: volume[n]!,
      },
      market as unknown as Market,
    );
  }
}

/** The two years of BTCUSDT and their funding; undefined where they are not there. */
export function recordedBars(folder: string): BarTape | undefined {
  const candles = join(folder, 'usdm-BTCUSDT-5m-2023-2024.csv.gz');
  const settlements = join(folder, 'usdm-BTCUSDT-funding-2023-2024.csv.gz');
  return existsSync(candles) && existsSync(settlements) ? barsOf(rowsOf(candles), rowsOf(settlements)) : undefined;
}

/** As many candles of a walk, and three settlements a day. */
export function madeBars(): BarTape {
  const { normal } = random(1);
  const startMs = Date.UTC(2023, 0);
  let last = 20_000;
  const candles = Array.from({ length: CANDLES }, (_, n) => {
    const open = last;
    last = open * Math.exp(0.001 * normal());
    const [top, bottom] = [Math.max(open, last), Math.min(open, last)];
    return [startMs + n * INTERVAL_MS, open, top * 1.0005, bottom * 0.9995, last, 300];
  });
  const settlements = Array.from({ length: CANDLES / 96 }, (_, n) => [startMs + n * 96 * INTERVAL_MS, 0.0001]);
  return barsOf(candles, settlements);
}

/** The numbers of a table behind its header. */
function rowsOf(path: string): number[][] {
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1);
  return lines.map((line) => line.split(',').map(Number));
}

/** @param candles rows of open time, open, high, low, close and volume; `settlements` of time and rate */
function barsOf(candles: readonly (readonly number[])[], settlements: readonly (readonly number[])[]): BarTape {
  const builder = createBarTapeBuilder('5m', INTERVAL_MS, SCALE);
  const unsaid = { quoteVolume: null, buyVolume: null, trades: null } as const;
  for (const [openTimeMs = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] of candles) {
    const prices = { open, high, low, close, volume };
    builder.push({ type: 'kline', interval: '5m', openTimeMs, ...prices, ...unsaid, isClosed: true });
  }
  for (const [fundingTimeMs = 0, fundingRate = 0] of settlements)
    builder.push({ type: 'fundingRate', fundingTimeMs, fundingRate });
  return builder.take({ firstEntryId: '1-0', lastEntryId: '2-0' });
}
