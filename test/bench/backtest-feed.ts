import { defineStrategy } from '../../pipelines/simulation/strategy.ts';
import { benchBacktest } from './backtest-run.ts';
import type { Bench } from './bench.ts';

/** Looks each 100 ms, and does nothing. */
const WATCHER = defineStrategy({
  name: 'watcher',
  title: '',
  says: '',
  parameters: {},
  events: ['timer'],
  everyMs: () => 100,
  create: () => ({ onEvent: () => {} }),
});

export default {
  name: 'backtest-feed',
  summary: 'tape → exchange side and local side books with latency, rows (price levels and trades) a second',
  target: { of: 'ratio', at: 'least', bound: 2 },
  run: (context) =>
    benchBacktest(context, 'backtest-feed', WATCHER, 'hftbacktest ROIVector feed only', ({ market }) => {
      if (!market.isBookValid) throw new Error('backtest-feed: expected a valid book at the end, found none');
    }),
} satisfies Bench;
