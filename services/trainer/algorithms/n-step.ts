import type { Transition } from './replay-buffer.ts';

/** A step that waits for the rewards that come after it. */
export interface WaitingStep {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  readonly reward: number;
}

/** Turns one environment's steps into transitions over several of them. */
export interface NStep {
  /** @param nextObservation of the same episode; lent */
  readonly add: (
    step: WaitingStep,
    next: { readonly nextObservation: Float32Array; readonly terminated: boolean; readonly truncated: boolean },
  ) => void;
  readonly state: () => readonly WaitingStep[];
}

/**
 * reward = Σ γᵏ·r over up to `steps` steps of one episode; discount = γⁿ, or 0 where it ended by itself. At an episode's end
 * each step that waits is given with what it has.
 */
export function nStep(
  { steps, gamma }: { readonly steps: number; readonly gamma: number },
  onTransition: (transition: Transition) => void,
  from: readonly WaitingStep[] = [],
): NStep {
  const waiting = [...from];
  return {
    add: (step, { nextObservation, terminated, truncated }) => {
      waiting.push({ ...step, observation: step.observation.slice(), action: step.action.slice() });
      const hasEnded = terminated || truncated;
      while (waiting.length >= steps || (hasEnded && waiting.length > 0)) {
        const reward = waiting.reduceRight((sum, each) => each.reward + gamma * sum, 0);
        const discount = terminated ? 0 : gamma ** waiting.length;
        const { observation, action } = waiting.shift()!;
        onTransition({ observation, action, reward, nextObservation, discount });
      }
    },
    state: () => [...waiting],
  };
}
