import type { Gap } from '../../streams/events/gap.ts';
import type { Trade } from '../../streams/events/trade.ts';
import { concernsTrades } from '../bars.ts';
import type { BookBreak } from '../book/book-break.ts';
import type { TopOfBook } from '../book/top-of-book.ts';
import {
  clearTimedIntervals,
  createTimedIntervals,
  passIntervals,
  type TimedIntervals,
} from '../rolling/timed-intervals.ts';
import { defineFeature, duration, type FeatureFold, wholeNumber } from './definition.ts';
import {
  createErrorCorrectionSums,
  type ErrorCorrection,
  type ErrorCorrectionSums,
  fitErrorCorrection,
  pushPrices,
} from './error-correction.ts';
import { midprice } from './midprice.ts';

/** What trades are of price discovery, the rest being the quotes'. */
export interface InformationShare {
  readonly lower: number;
  readonly upper: number;
  readonly mean: number;
}

/** Plain data; NaN: not known. */
export interface InformationShareState {
  /** Price of the last trade, and the midprice, in ticks. */
  price: number;
  mid: number;
  nowMs: number;
  readonly intervals: TimedIntervals;
  /** Of twice the same at the ends of the last intervals: whole numbers. */
  sums: ErrorCorrectionSums;
  /** null: nothing. */
  said: InformationShare | null;
}

/**
 * Hasbrouck's information share of the trades' price beside the midprice, from 0 to 1: the part of the variance of the
 * price that both have in common which comes from what moves the trades' price first.
 *
 * With Δp_t = c + α·(p₁ − p₂)_{t−1} + Σ Γ_k·Δp_{t−k} + e_t, Ω = cov(e) and γ = (α₂, −α₁):
 * (γ₁ω₁₁ + γ₂ω₁₂)² / (ω₁₁·γᵀΩγ), trades first, and γ₁²·(ω₁₁ − ω₁₂²/ω₂₂) / γᵀΩγ, quotes first
 *
 * What moves both at once could be either's: the two orders are the bounds, and their mean is said too. The prices are
 * those at the ends of the last `samples` intervals, and as many before as there are `lags`; an interval without a
 * trade or a quote keeps the one before. Found anew at the end of each interval; they are counted from the epoch.
 * Trades and depth come on different connections, and whichever is quicker seems to lead.
 *
 * Speaks once those intervals have ended, unless the prices hardly moved; a break of the book or a gap of the trades
 * starts it anew.
 * @see Hasbrouck (1995), "One Security, Many Markets: Determining the Contributions to Price Discovery", J. Finance
 * 50(4); Baillie, Booth, Tse & Zabotina (2002), J. Financial Markets 5(3), for the share in terms of α and Ω.
 */
export function hasbrouckInformationShare(options: {
  readonly intervalMs: number;
  readonly samples: number;
  readonly lags: number;
}): FeatureFold<TopOfBook | BookBreak | Trade | Gap, InformationShareState, InformationShare> {
  const { intervalMs, samples, lags } = options;
  /** Pairs of prices that have a part in the sums. */
  const pairs = samples + lags + 1;

  function passTime(state: InformationShareState, timeMs: number): void {
    state.nowMs = Math.max(state.nowMs, timeMs);
    if (Number.isNaN(state.price) || Number.isNaN(state.mid)) return;
    const before = state.intervals.current;
    passIntervals(state.intervals, state.nowMs, pairs, () => {
      pushPrices(state.sums, 2 * state.price, 2 * state.mid);
    });
    if (before < 0 || before === state.intervals.current) return;
    const fit = fitErrorCorrection(state.sums);
    state.said = fit === undefined ? null : (informationShare(fit) ?? null);
  }

  function restart(state: InformationShareState): void {
    clearTimedIntervals(state.intervals);
    state.price = Number.NaN;
    state.sums = createErrorCorrectionSums(samples, lags);
    state.said = null;
  }

  return {
    initialState: () => ({
      price: Number.NaN,
      mid: Number.NaN,
      nowMs: 0,
      intervals: createTimedIntervals(intervalMs),
      sums: createErrorCorrectionSums(samples, lags),
      said: null,
    }),
    evolve: (state, event) => {
      if (event.type === 'gap') {
        if (concernsTrades(event)) restart(state);
      } else if (event.type === 'bookBreak') {
        restart(state);
        state.mid = Number.NaN;
      } else {
        passTime(state, event.transactionTimeMs);
        if (event.type === 'topOfBook') state.mid = midprice(event);
        else state.price = event.priceTicks;
        passTime(state, event.transactionTimeMs);
      }
      return state;
    },
    project: ({ said }) => said ?? undefined,
  };
}

/** The first price's share; undefined where neither or nothing moves the common price. */
export function informationShare({
  alpha1,
  alpha2,
  omega11,
  omega12,
  omega22,
}: ErrorCorrection): InformationShare | undefined {
  const [gamma1, gamma2] = [alpha2, -alpha1];
  const total = gamma1 ** 2 * omega11 + 2 * gamma1 * gamma2 * omega12 + gamma2 ** 2 * omega22;
  if (!(total > 0 && omega11 > 0 && omega22 > 0)) return undefined;
  const ratio = (part: number): number => Math.min(1, Math.max(0, part / total));
  const ahead = ratio((gamma1 * omega11 + gamma2 * omega12) ** 2 / omega11);
  const behind = ratio(gamma1 ** 2 * (omega11 - omega12 ** 2 / omega22));
  return { lower: Math.min(ahead, behind), upper: Math.max(ahead, behind), mean: (ahead + behind) / 2 };
}

const share = (says: string) => ({ unit: 'ratio', range: [0, 1], says }) as const;

export const HASBROUCK_INFORMATION_SHARE = defineFeature({
  name: 'hasbrouck_information_share',
  version: 1,
  title: 'Information share of trades',
  group: 'flow',
  inputs: ['topOfBook', 'bookBreak', 'trade', 'gap'],
  parameters: {
    intervalMs: duration({ default: 200, says: 'time between two prices: the longer, the farther apart the bounds' }),
    samples: wholeNumber('intervals', { default: 600, says: 'window', least: 10, most: 10_000 }),
    lags: wholeNumber('intervals', { default: 2, says: 'changes before that are allowed for', most: 10 }),
  },
  outputs: {
    lower: share('least part of price discovery in trades rather than quotes'),
    upper: share('greatest part of price discovery in trades rather than quotes'),
    mean: share('mean of the two'),
  },
  warmUp: ({ intervalMs, samples, lags }) => ({
    count: intervalMs * (samples + lags + 1),
    of: 'ms',
    also: 'a valid book, and prices that move',
  }),
  formula:
    '(γ₁ω₁₁ + γ₂ω₁₂)² / (ω₁₁·γᵀΩγ) and γ₁²·(ω₁₁ − ω₁₂²/ω₂₂) / γᵀΩγ, γ = (α₂, −α₁), α and Ω of an error correction',
  source: 'Hasbrouck (1995), J. Finance 50(4); Baillie, Booth, Tse & Zabotina (2002), J. Financial Markets 5(3)',
  create: hasbrouckInformationShare,
});
