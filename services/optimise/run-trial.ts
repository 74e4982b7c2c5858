import { QUEUE_MODELS } from '../../operators/matching/queue-model.ts';
import type { RiskLimits } from '../../operators/risk/risk-limits.ts';
import { latencyOf } from '../backtest/latency-of.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';
import { runOverSpan } from '../backtest/run-backtest.ts';
import { StrategyFailure } from '../backtest/strategy-failure.ts';
import type { OpenSpan } from './kept-spans.ts';
import type { TrialAsk, TrialOutcome } from './trial.ts';
import { failedTrial, trialOutcome } from './trial-outcome.ts';

/** What all trials of a study have in common. Plain data, handed to threads. */
export interface TrialMarket {
  readonly instrument: string;
  readonly recording: string;
  /** Name, or absolute path of a file. */
  readonly strategy: string;
  /** Name of the queue model. */
  readonly queue: string;
  /** `5,5` or `5,5,0.5` */
  readonly latency: string;
  readonly seed: number;
  readonly balance: number;
  readonly leverage: number;
  readonly feeTier: number;
  readonly limits: RiskLimits;
  /** Where tapes are kept. */
  readonly folder: string;
}

/**
 * Runs one trial.
 * @returns its figures, or why the strategy failed
 * @throws where it is not the strategy that failed
 */
export async function runTrial(
  openSpan: OpenSpan,
  strategy: LoadedStrategy,
  market: TrialMarket,
  ask: TrialAsk,
): Promise<TrialOutcome> {
  try {
    const result = await runOverSpan(await openSpan(ask), {
      ...market,
      strategy,
      tradesFromUs: ask.tradeFromMs * 1_000,
      parameters: ask.parameters,
      queue: QUEUE_MODELS[market.queue]!,
      latency: latencyOf(market.latency)!,
    });
    return trialOutcome(result, ask);
  } catch (error) {
    if (error instanceof StrategyFailure) return failedTrial(error.message);
    throw error;
  }
}
