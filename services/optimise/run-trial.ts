import { QUEUE_MODELS } from '../../operators/matching/queue-model.ts';
import type { RiskLimits } from '../../operators/risk/risk-limits.ts';
import { latencyOf } from '../backtest/latency-of.ts';
import type { LoadedStrategy } from '../backtest/load-strategy.ts';
import { runOverSpan } from '../backtest/run-backtest.ts';
import type { OpenSpan } from './kept-spans.ts';
import { StrategyRefusal, withLeadIn } from './lead-in.ts';
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
      strategy: { ...strategy, definition: withLeadIn(strategy.definition, ask.tradeFromMs) },
      parameters: ask.parameters,
      queue: QUEUE_MODELS[market.queue]!,
      latency: latencyOf(market.latency)!,
    });
    return trialOutcome(result, ask);
  } catch (error) {
    if (isOfStrategy(error)) return failedTrial(error.message);
    throw error;
  }
}

/** Whether the strategy refused its parameters, or threw in the run: what a run wraps has a cause. */
function isOfStrategy(error: unknown): error is Error {
  return error instanceof StrategyRefusal || (error instanceof Error && /^strategy .+ failed at /.test(error.message));
}
