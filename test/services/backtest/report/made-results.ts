import { random } from '../../../../operators/random.ts';
import type {
  BacktestFill,
  BacktestResult,
  FillOutcome,
  InvalidSpan,
} from '../../../../services/backtest/backtest-result.ts';

// Results as a backtest gives them, made by a seeded walk of the price; the accounts add up.

export const MADE_FROM_MS = Date.UTC(2024, 7, 8, 0, 0, 0);
const HALF_SPREAD = 0.05;

interface Made {
  readonly strategy: string;
  readonly steps: number;
  readonly stepMs: number;
  /** Signed quantity to be filled at a step, and how. */
  readonly wants: (
    n: number,
    position: number,
    price: number,
    prices: Float64Array,
  ) => { qty: number; outcome: FillOutcome } | undefined;
  readonly invalidSpans?: readonly InvalidSpan[];
  readonly seed?: number;
}

export function madeResult({ strategy, steps, stepMs, wants, invalidSpans = [], seed = 5 }: Made): BacktestResult {
  const { normal, uniform } = random(seed);
  const prices = new Float64Array(steps);
  let fair = 60_000;
  for (let n = 0; n < steps; n++) {
    fair += (60_000 - fair) * 0.002 + normal() * 6;
    prices[n] = Math.round(fair * 10) / 10;
  }
  const [timesMs, equity, held] = [new Float64Array(steps), new Float64Array(steps), new Float64Array(steps)];
  const fills: BacktestFill[] = [];
  let [cash, position] = [10_000, 0];
  const [makerFee, takerFee] = [0.0002, 0.0005];
  for (let n = 0; n < steps; n++) {
    const [mid, timeMs] = [prices[n]!, MADE_FROM_MS + n * stepMs];
    const want = wants(n, position, mid, prices);
    if (want !== undefined) {
      const side = want.qty > 0 ? 'buy' : 'sell';
      const [sign, qty, isMaker] = [
        Math.sign(want.qty),
        Math.abs(want.qty),
        want.outcome === 'queue' || want.outcome === 'through',
      ];
      const price = mid + sign * (isMaker ? -HALF_SPREAD : HALF_SPREAD + 0.05 * Math.floor(uniform() * 3));
      const fee = price * qty * (isMaker ? makerFee : takerFee);
      cash -= sign * price * qty + fee;
      position = Math.round((position + want.qty) * 1_000) / 1_000;
      const midWhenSent = isMaker ? mid : mid - sign * 0.1 * Math.floor(uniform() * 2);
      fills.push({
        timeMs,
        orderId: n,
        side,
        price,
        qty,
        isMaker,
        outcome: want.outcome,
        fee,
        realisedPnl: 0,
        midWhenSent,
        midWhenFilled: mid,
      });
    }
    timesMs[n] = timeMs;
    held[n] = position;
    equity[n] = cash + position * mid;
  }
  return {
    id: '5f1c0de9ab34d277',
    settings: {
      strategy,
      strategyHash: '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
      parameters: { spreadTicks: 2, size: 0.01 },
      instrument: 'simulated:BTCUSDT',
      recording: 'live',
      fromEntryId: `${MADE_FROM_MS}-0`,
      toEntryId: `${MADE_FROM_MS + steps * stepMs}-0`,
      seed: 7,
      initialBalance: 10_000,
      leverage: 5,
      makerFee,
      takerFee,
      limits: {},
      models: {
        queue: 'risk-averse: an order waits until all that stood before it has traded',
        latency: 'constant 5 ms each way',
        impact: 'none: what is taken comes back with the next update',
      },
      simulator: '1',
    },
    fromMs: MADE_FROM_MS,
    toMs: MADE_FROM_MS + steps * stepMs,
    baseAsset: 'BTC',
    quoteAsset: 'USDT',
    curve: { timesMs, equity, position: held, price: prices },
    fills,
    funding: [],
    orders: { sent: fills.length * 3, filled: fills.length, cancelled: fills.length * 2, rejected: {}, stopped: {} },
    invalidSpans,
    liquidations: 0,
    warnings: [],
  };
}

const HOUR_MS = 3_600_000;

/** Eight hours of buying below the mean of the price and selling above it, with gaps; ends with a position. */
export function marketMaker(): BacktestResult {
  const { uniform } = random(11);
  return madeResult({
    strategy: 'market-maker',
    steps: 28_800,
    stepMs: 1_000,
    wants: (_, position, price) => {
      if (uniform() > 0.05) return undefined;
      const isCheap = price < 60_000 - position * 200;
      if (Math.abs(position + (isCheap ? 0.01 : -0.01)) > 0.1) return undefined;
      return { qty: isCheap ? 0.01 : -0.01, outcome: uniform() < 0.7 ? 'queue' : 'through' };
    },
    invalidSpans: [
      { fromMs: MADE_FROM_MS + 2 * HOUR_MS, toMs: MADE_FROM_MS + 2 * HOUR_MS + 4_000, reason: 'sequence' },
      { fromMs: MADE_FROM_MS + 5 * HOUR_MS, toMs: MADE_FROM_MS + 5.4 * HOUR_MS, reason: 'disconnected' },
      { fromMs: MADE_FROM_MS + 5.1 * HOUR_MS, toMs: MADE_FROM_MS + 5.5 * HOUR_MS, reason: 'book' },
    ],
  });
}

/** Ninety days of following the price by market orders, each fourth hour: fees and spread eat it. */
export function losingTaker(): BacktestResult {
  return madeResult({
    strategy: 'follow',
    steps: 90 * 24 * 4,
    stepMs: HOUR_MS / 4,
    seed: 8,
    wants: (n, position, price, prices) => {
      if (n % 16 !== 15) return undefined;
      const target = price > prices[n - 15]! ? 0.15 : -0.15;
      const qty = Math.round((target - position) * 1_000) / 1_000;
      return qty === 0 ? undefined : { qty, outcome: 'taker' };
    },
  });
}

/** Ten minutes in which nothing happened. */
export function emptyRun(): BacktestResult {
  return madeResult({ strategy: 'silent', steps: 600, stepMs: 1_000, wants: () => undefined });
}

/** Not even a sample. */
export function nothingAtAll(): BacktestResult {
  const none = new Float64Array();
  return { ...emptyRun(), toMs: MADE_FROM_MS, curve: { timesMs: none, equity: none, position: none, price: none } };
}
