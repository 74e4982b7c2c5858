import type { Sequences } from '../networks/gru-gradient.ts';
import { gather } from './replay-buffer.ts';

/** Steps that were gathered: row `step × count + environment`. */
export interface GatheredSteps {
  /** Environments. */
  readonly count: number;
  readonly stepsPerUpdate: number;
  /** uint8[rows]: 1 where an episode ended with the step. */
  readonly hasEnded: Uint8Array;
}

/** All rows of the environments that are named, step by step. */
export function rowsOf(named: Uint32Array, { count, stepsPerUpdate }: GatheredSteps): Uint32Array {
  return Uint32Array.from(
    { length: named.length * stepsPerUpdate },
    (_, n) => Math.floor(n / named.length) * count + named[n % named.length]!,
  );
}

/**
 * How the rows of the environments that are named follow one another.
 * @param states float32[count, units]: what a network remembered where the steps began
 */
export function sequencesOf(
  named: Uint32Array,
  rows: Uint32Array,
  { count, hasEnded }: GatheredSteps,
  states: Float32Array,
): Sequences {
  return {
    count: named.length,
    states: gather(states, named, states.length / count),
    begins: Uint8Array.from(rows, (row) => (row < count ? 0 : hasEnded[row - count]!)),
  };
}
