import { defineStrategy } from '../../pipelines/simulation/strategy.ts';
import { benchBacktest } from './backtest-run.ts';
import type { Bench } from './bench.ts';

const OFF_TICKS = 5;
const QTY_STEPS = 10;

/** What the peer's script does: each 100 ms it cancels all, and quotes five ticks off both sides. */
const QUOTER = defineStrategy({
  name: 'quoter',
  title: '',
  says: '',
  parameters: {},
  events: ['timer'],
  everyMs: () => 100,
  create: () => ({
    onEvent(_, market) {
      for (const { orderId, state } of market.orders) if (state === 'open') market.cancel(orderId);
      const { bidTicks, askTicks } = market;
      if (!(bidTicks < askTicks)) return;
      market.placeLimit('buy', bidTicks - OFF_TICKS, QTY_STEPS, { timeInForce: 'GTX' });
      market.placeLimit('sell', askTicks + OFF_TICKS, QTY_STEPS, { timeInForce: 'GTX' });
    },
  }),
});

export default {
  name: 'backtest-quote',
  summary: 'the same, quoting both sides each 100 ms, with queue model and latency',
  target: { of: 'ratio', at: 'least', bound: 2 },
  run: (context) =>
    benchBacktest(
      context,
      'backtest-quote',
      QUOTER,
      'hftbacktest ROIVector quoting both sides each 100 ms',
      ({ counts }) => {
        if (counts.sent < 1_000 || counts.filled < 1)
          throw new Error(`backtest-quote: expected orders and fills, found ${counts.sent} and ${counts.filled}`);
      },
    ),
} satisfies Bench;
