import type { Gap } from '../../streams/events/gap.ts';
import type { MarkPrice } from '../../streams/events/mark-price.ts';
import type { FeatureFold } from './definition.ts';
import type { Sample } from './feature-input.ts';

/** What is known of a perpetual's funding. Plain data; NaN: not known. */
export interface Funding {
  /** Rate of the coming settlement; NaN: there is no mark price, or the contract has no funding. */
  rate: number;
  /** When that settlement is. */
  nextMs: number;
  /** Rate of the last settlement, and the time from it to the coming one. */
  settledRate: number;
  intervalMs: number;
  nowMs: number;
}

/**
 * A feature of a perpetual's funding. A settlement is seen when the time of the coming one moves on; its rate is the
 * last that was said before. A gap of the mark price silences it until the next mark price; if a settlement was in the
 * gap, its rate is not known.
 */
export function ofFunding(value: (funding: Funding) => number): FeatureFold<MarkPrice | Gap | Sample, Funding> {
  return {
    initialState: () => ({
      rate: Number.NaN,
      nextMs: Number.NaN,
      settledRate: Number.NaN,
      intervalMs: Number.NaN,
      nowMs: 0,
    }),
    evolve: (state, event) => {
      if (event.type === 'gap') {
        if (event.channel === 'markPrice') state.rate = Number.NaN;
        return state;
      }
      state.nowMs = Math.max(state.nowMs, event.type === 'sample' ? event.timeMs : event.eventTimeMs);
      if (event.type === 'markPrice') takeRate(state, event);
      return state;
    },
    project: (state) => {
      const said = Number.isNaN(state.rate) ? Number.NaN : value(state);
      return Number.isNaN(said) ? undefined : said;
    },
  };
}

function takeRate(state: Funding, { fundingRate, nextFundingTimeMs: nextMs }: MarkPrice): void {
  if (fundingRate === null || nextMs === null) {
    state.rate = Number.NaN;
    return;
  }
  // One that came late, from before the settlement.
  if (nextMs < state.nextMs) return;
  if (nextMs > state.nextMs) {
    const isWhole = !Number.isNaN(state.rate);
    state.settledRate = state.rate;
    state.intervalMs = isWhole ? nextMs - state.nextMs : Number.NaN;
  }
  state.nextMs = nextMs;
  state.rate = fundingRate;
}
