import type { Projection } from '../fold.ts';
import type { Candle } from './candle.ts';
import { checkPeriod } from './period.ts';
import { trueRange } from './true-range.ts';

/** From 0 to 100. */
export interface Adx {
  /** Strength of the trend, whichever its direction. */
  readonly adx: number;
  /** Directional indicators: share of the true range that the bars gained upwards, and downwards. */
  readonly plusDi: number;
  readonly minusDi: number;
}

/** Plain data. */
export interface AdxState {
  last: Candle | null;
  bars: number;
  /** Wilder's sums: each loses a `period`th and gains the new value. */
  range: number;
  plus: number;
  minus: number;
  /** Of the directional index, of which there are `indexes`. */
  indexSum: number;
  indexes: number;
}

/**
 * Average directional index with its directional indicators: DX = 100·|+DI − −DI| / (+DI + −DI), ADX Wilder's average of it,
 * which begins as the mean of the first `period`. 0 where there was no movement. A bar that reaches as far up as down counts
 * both ways, as with tulind; Wilder counts neither.
 *
 * Speaks from bar 2·period − 1 on.
 * @throws RangeError for a `period` below 2
 * @see Wilder (1978), "New Concepts in Technical Trading Systems", section IV.
 */
export function adx({ period }: { readonly period: number }): Projection<Candle, AdxState, Adx> {
  checkPeriod('adx', 'period', period, 2);
  const kept = (period - 1) / period;

  function addMovement(state: AdxState, candle: Candle, last: Candle): void {
    const up = candle.high - last.high;
    const down = last.low - candle.low;
    const weight = state.bars < period ? 1 : kept;
    state.range = state.range * weight + trueRange(candle, last.close);
    state.plus = state.plus * weight + (up > 0 && up >= down ? up : 0);
    state.minus = state.minus * weight + (down > 0 && down >= up ? down : 0);
  }

  function addIndex(state: AdxState): void {
    const total = state.plus + state.minus;
    const index = total === 0 ? 0 : (100 * Math.abs(state.plus - state.minus)) / total;
    if (state.indexes === period) state.indexSum = state.indexSum * kept + index;
    else {
      state.indexSum += index;
      state.indexes++;
    }
  }

  return {
    initialState: () => ({ last: null, bars: 0, range: -0, plus: -0, minus: -0, indexSum: -0, indexes: 0 }),
    evolve: (state, candle) => {
      if (state.last !== null) addMovement(state, candle, state.last);
      if (state.bars < period) state.bars++;
      if (state.bars === period) addIndex(state);
      state.last = candle;
      return state;
    },
    project: ({ range, plus, minus, indexSum, indexes }) => {
      if (indexes < period) return undefined;
      const share = range === 0 ? 0 : 100 / range;
      return { adx: indexSum / period, plusDi: plus * share, minusDi: minus * share };
    },
  };
}
