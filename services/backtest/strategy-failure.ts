import type { StrategyDefinition } from '../../pipelines/simulation/strategy.ts';

/** It was the strategy that failed. */
export class StrategyFailure extends Error {}

/** Says which strategy failed, and when in the run. @param timeUs of the run, µs since the epoch */
export function failureOf({ name }: StrategyDefinition, timeUs: number, error: unknown): StrategyFailure {
  const at = new Date(timeUs / 1_000).toISOString();
  const message = error instanceof Error ? error.message : String(error);
  return new StrategyFailure(`strategy ${name} failed at ${at} of the run: ${message}`, { cause: error });
}
