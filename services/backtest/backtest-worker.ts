import { parentPort, workerData } from 'node:worker_threads';
import { connectRedis } from '../../infra/redis.ts';
import { BadInput } from '../../infra/setup-error.ts';
import { QUEUE_MODELS } from '../../operators/matching/queue-model.ts';
import type { BacktestResult } from './backtest-result.ts';
import { latencyOf } from './latency-of.ts';
import { loadStrategy } from './load-strategy.ts';
import { type BacktestOptions, runBacktest } from './run-backtest.ts';

// One backtest as a thread, so that a strategy that never returns can be ended.

/** What the thread is started with: the options of a backtest as plain data, checked. */
export interface BacktestWork extends Omit<BacktestOptions, 'redis' | 'strategy' | 'queue' | 'latency' | 'onProgress'> {
  readonly redisUrl: string;
  /** Name or file. */
  readonly strategy: string;
  readonly queue: string;
  readonly latency: string;
}

/** What it says. */
export type BacktestSays =
  | { readonly type: 'progress'; readonly events: number }
  | { readonly type: 'result'; readonly result: BacktestResult }
  | { readonly type: 'error'; readonly message: string; readonly isBadInput: boolean };

const { redisUrl, strategy, queue, latency, ...plain }: BacktestWork = workerData;
const say = (message: BacktestSays): void => parentPort!.postMessage(message);

async function run(): Promise<BacktestResult> {
  const redis = await connectRedis(redisUrl);
  try {
    return await runBacktest({
      ...plain,
      redis,
      strategy: await loadStrategy(strategy),
      queue: QUEUE_MODELS[queue]!,
      latency: latencyOf(latency)!,
      onProgress: (events) => say({ type: 'progress', events }),
    });
  } finally {
    redis.disconnect();
  }
}

run().then(
  (result) => say({ type: 'result', result }),
  (error: unknown) =>
    say({
      type: 'error',
      message: error instanceof Error ? error.message : String(error),
      isBadInput: error instanceof BadInput,
    }),
);
