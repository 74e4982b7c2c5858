import { BadInput } from '../../../infra/setup-error.ts';
import type { PolicyData } from '../algorithms/policy.ts';
import type { RunConfig } from './run-config.ts';
import type { Training } from './training.ts';

/** What was looked at so far, as plain data that a checkpoint keeps. */
export interface StoppingState {
  /** The best policy on the validation span; null before the first look. */
  readonly best: BestPolicy | null;
  /** Looks since then that were no better. */
  readonly misses: number;
  /** Whether there were so many of them that the training ended. */
  readonly isEnough: boolean;
  /** Returns on the validation span at each look, the first one first: what the best was chosen from. */
  readonly looks: readonly (readonly number[])[];
}

export interface BestPolicy {
  readonly globalStep: number;
  /** Sharpe ratio a year on the validation span; 0 where nothing was traded. */
  readonly sharpe: number;
  readonly policy: PolicyData;
}

export interface EarlyStopping {
  /** Judges a policy on the validation span, where it is time to. @returns whether the training is to end */
  readonly look: (update: number, globalStep: number, policy: () => PolicyData) => boolean;
  readonly state: () => StoppingState;
}

const NOTHING: StoppingState = { best: null, misses: 0, isEnough: false, looks: [] };

/** @throws BadInput where settings would be chosen by a validation span that is none */
export function checkStopping({ earlyStopping, study }: RunConfig): void {
  if (earlyStopping === null && study !== null)
    throw new BadInput(
      'study: expected earlyStopping beside it, whose validation span settings are chosen by, found null',
    );
}

/** Looks at a policy on the validation span each so many updates, and keeps the best. @param from of a checkpoint */
export function createEarlyStopping({ config, validate }: Training, from: StoppingState = NOTHING): EarlyStopping {
  const { every, patience } = config.earlyStopping!;
  let state = from;
  return {
    look(update, globalStep, policyNow) {
      if (state.isEnough || update % every !== 0) return state.isEnough;
      const policy = policyNow();
      const { sharpe, returns } = validate(policy);
      const isBetter = state.best === null || sharpe > state.best.sharpe;
      const misses = isBetter ? 0 : state.misses + 1;
      state = {
        best: isBetter ? { globalStep, sharpe, policy } : state.best,
        misses,
        isEnough: misses >= patience,
        looks: [...state.looks, returns],
      };
      return state.isEnough;
    },
    state: () => state,
  };
}
