import type { StrategyDefinition } from '../../pipelines/simulation/strategy.ts';

/** It was the strategy that failed. */
export class StrategyFailure extends Error {}

/**
 * Does what lets a strategy run.
 * @param timeUs of the run, µs since the epoch, asked where it fails
 * @throws StrategyFailure that says which strategy failed, and when in the run
 */
export function runStrategy<Result>(definition: StrategyDefinition, timeUs: () => number, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw failureOf(definition, timeUs(), error);
  }
}

function failureOf({ name }: StrategyDefinition, timeUs: number, error: unknown): StrategyFailure {
  const at = new Date(timeUs / 1_000).toISOString();
  const message = error instanceof Error ? error.message : String(error);
  return new StrategyFailure(`strategy ${name} failed at ${at} of the run: ${message}`, { cause: error });
}
