import { BadInput } from '../../../infra/setup-error.ts';
import { periodsPerYear } from '../../../operators/performance/annualised.ts';
import { periodReturns, usualPeriodMs } from '../../../operators/performance/period-returns.ts';
import { sharpeRatio } from '../../../operators/performance/sharpe-ratio.ts';
import { indexFrom } from '../../../pipelines/environment/bar-span.ts';
import { openPolicy, type PolicyData } from '../algorithms/policy.ts';
import type { BarData, Span } from './bar-data.ts';
import { type Pass, passOver } from './pass.ts';

/** What was looked at so far, as plain data that a checkpoint keeps. */
export interface StoppingState {
  /** The best policy on the validation span; null before the first look. */
  readonly best: BestPolicy | null;
  /** Looks since then that were no better. */
  readonly misses: number;
  /** Whether there were so many of them that the training ended. */
  readonly isEnough: boolean;
}

export interface BestPolicy {
  readonly globalStep: number;
  /** Sharpe ratio a year on the validation span; 0 where nothing was traded. */
  readonly sharpe: number;
  readonly policy: PolicyData;
}

/** What is learned of, and what is looked at meanwhile; between them lie the candles of the embargo. */
export interface Split {
  readonly learned: Span;
  readonly validation: Span | null;
}

export interface EarlyStopping {
  /** Judges a policy on the validation span, where it is time to. @returns whether the training is to end */
  readonly look: (update: number, globalStep: number, policy: () => PolicyData) => boolean;
  readonly state: () => StoppingState;
}

const NOTHING: StoppingState = { best: null, misses: 0, isEnough: false };

/**
 * The training span, less its end where the config says that training stops early. The test span is not looked at.
 * @throws BadInput where too few candles are left to learn of or to look at
 */
export function splitOf({
  config: { earlyStopping, study },
  bars,
  train,
}: Pick<BarData, 'config' | 'bars' | 'train'>): Split {
  if (earlyStopping === null && study !== null)
    throw new BadInput(
      'study: expected earlyStopping beside it, whose validation span settings are chosen by, found null',
    );
  if (earlyStopping === null) return { learned: train, validation: null };
  const { openTimesMs } = bars;
  const [from, to] = [indexFrom(openTimesMs, train.fromMs), indexFrom(openTimesMs, train.toMs)];
  const count = Math.floor((to - from) * earlyStopping.share);
  const validationAt = to - count;
  const learnedTo = validationAt - earlyStopping.embargo;
  if (count < 2 || learnedTo - from < 2)
    throw new BadInput(
      `earlyStopping: expected a training span with candles to learn of, ${earlyStopping.embargo} of embargo and ${earlyStopping.share} of it to look at, found ${to - from} candles`,
    );
  return {
    learned: { fromMs: train.fromMs, toMs: openTimesMs[learnedTo]! },
    validation: { fromMs: openTimesMs[validationAt]!, toMs: train.toMs },
  };
}

/** Looks at a policy on the validation span each so many updates, and keeps the best. @param from of a checkpoint */
export function createEarlyStopping(data: BarData, validation: Span, from: StoppingState = NOTHING): EarlyStopping {
  const { every, patience } = data.config.earlyStopping!;
  let state = from;
  return {
    look(update, globalStep, policyNow) {
      if (state.isEnough || update % every !== 0) return state.isEnough;
      const policy = policyNow();
      const sharpe = validationSharpe(data, validation, policy);
      const isBetter = state.best === null || sharpe > state.best.sharpe;
      const misses = isBetter ? 0 : state.misses + 1;
      state = {
        best: isBetter ? { globalStep, sharpe, policy } : state.best,
        misses,
        isEnough: misses >= patience,
      };
      return state.isEnough;
    },
    state: () => state,
  };
}

/** Sharpe ratio a year of a policy on the validation span; 0 where nothing was traded. */
export function validationSharpe(data: BarData, validation: Span, policy: PolicyData): number {
  return sharpeOf(passOver(data, validation, openPolicy(policy)), validation) ?? 0;
}

function sharpeOf({ timesMs, equity }: Pass, { fromMs, toMs }: Span): number | null {
  const periodMs = usualPeriodMs(toMs - fromMs);
  const span = { periodMs, fromMs: Math.max(fromMs, timesMs[0]!), toMs };
  return sharpeRatio(periodReturns({ timesMs, values: equity }, span).returns, periodsPerYear(periodMs));
}
