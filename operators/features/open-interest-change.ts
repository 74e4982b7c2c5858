import type { Gap } from '../../streams/events/gap.ts';
import type { OpenInterest } from '../../streams/events/open-interest.ts';
import {
  addTimedValue,
  advanceTimedValues,
  clearTimedValues,
  createTimedValues,
  lastTimedValue,
  type TimedValues,
  valueBefore,
} from '../rolling/timed-values.ts';
import { defineFeature, duration, type FeatureFold } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** Plain data. */
export interface OpenInterestChangeState {
  nowMs: number;
  readonly answers: TimedValues;
}

/**
 * Change of the open interest over the last `windowMs`, as a ratio: 0.01 where it grew by 1 %.
 *
 * OI_now / OI_then − 1, each as the venue had answered it last
 *
 * Speaks from `windowMs` after the first answer on, unless nothing was open then; a gap of the open interest starts it
 * anew.
 * @see Bessembinder & Seguin (1993), "Price Volatility, Trading Volume, and Market Depth: Evidence from Futures
 * Markets", J. Financial and Quantitative Analysis 28(1).
 */
export function openInterestChange({
  windowMs,
}: {
  readonly windowMs: number;
}): FeatureFold<OpenInterest | Gap | Sample, OpenInterestChangeState> {
  return {
    initialState: () => ({ nowMs: 0, answers: createTimedValues(windowMs) }),
    evolve: (state, event) => {
      if (event.type === 'gap') {
        if (event.channel === 'openInterest') clearTimedValues(state.answers);
        return state;
      }
      state.nowMs = Math.max(state.nowMs, event.type === 'sample' ? event.timeMs : event.transactionTimeMs);
      if (event.type === 'openInterest') addTimedValue(state.answers, state.nowMs, event.openInterest);
      advanceTimedValues(state.answers, state.nowMs);
      return state;
    },
    project: ({ nowMs, answers }) => {
      const then = valueBefore(answers, nowMs);
      return then > 0 ? lastTimedValue(answers) / then - 1 : undefined;
    },
  };
}

export const OPEN_INTEREST_CHANGE = defineFeature({
  name: 'open_interest_change',
  version: 1,
  title: 'Change of open interest',
  group: 'derivatives',
  inputs: ['openInterest', 'gap', 'sample'],
  parameters: { windowMs: duration({ default: 3_600_000, says: 'window' }) },
  outputs: { '': { unit: 'ratio', range: [-1, null], says: 'positive: positions were opened' } },
  warmUp: ({ windowMs }) => ({ count: windowMs, of: 'ms', also: 'an answer of the venue' }),
  formula: 'OI_now / OI_then − 1',
  source: 'Bessembinder & Seguin (1993), J. Financial and Quantitative Analysis 28(1)',
  create: openInterestChange,
});
