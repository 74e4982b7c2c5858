import { parentPort, workerData } from 'node:worker_threads';
import { connectRedis } from '../../infra/redis.ts';
import { loadStrategy } from '../backtest/load-strategy.ts';
import { createKeptSpans } from './kept-spans.ts';
import { runTrial, type TrialMarket } from './run-trial.ts';
import type { TrialAsk, TrialOutcome } from './trial.ts';

// Runs the trials that it is handed, one after another.

/** What a worker is started with. */
export interface TrialWork {
  readonly redisUrl: string;
  readonly market: TrialMarket;
}

export interface TrialAnswer {
  readonly outcome?: TrialOutcome;
  /** Something other than the strategy failed. */
  readonly error?: string;
}

const { redisUrl, market }: TrialWork = workerData;
const [redis, strategy] = await Promise.all([connectRedis(redisUrl), loadStrategy(market.strategy)]);
const openSpan = createKeptSpans(redis, market);

parentPort!.on('message', (ask: TrialAsk) => {
  const say = (answer: TrialAnswer): void => parentPort!.postMessage(answer);
  runTrial(openSpan, strategy, market, ask).then(
    (outcome) => say({ outcome }),
    (error: unknown) => say({ error: error instanceof Error ? error.message : String(error) }),
  );
});
