import type { Projection } from '../fold.ts';
import { createExactSum, type ExactSum, exchangeInExactSum } from '../rolling/exact-sum.ts';
import { createRecentValues, pushRecentValue, type RecentValues } from '../rolling/recent-values.ts';
import type { Candle } from './candle.ts';
import { moneyFlowVolume } from './money-flow-volume.ts';
import { checkPeriod } from './period.ts';

/** Plain data. */
export interface ChaikinMoneyFlowState {
  readonly flows: RecentValues;
  readonly volumes: RecentValues;
  readonly flow: ExactSum;
  readonly volume: ExactSum;
}

/**
 * Chaikin money flow, from −1 (all bars closed at their low) to 1 (at their high): the sum over the last `period` bars of
 * volume × ((C − L) − (H − C))/(H − L), over that of the volume. 0 where there was no volume.
 *
 * Speaks from bar `period` on. The same wherever it began, up to rounding.
 * @throws RangeError for an impossible `period`
 * @see Chaikin, in StockCharts, ChartSchool, "Chaikin Money Flow".
 */
export function chaikinMoneyFlow({
  period,
}: {
  readonly period: number;
}): Projection<Candle, ChaikinMoneyFlowState, number> {
  checkPeriod('chaikinMoneyFlow', 'period', period);
  return {
    initialState: () => ({
      flows: createRecentValues(period),
      volumes: createRecentValues(period),
      flow: createExactSum(),
      volume: createExactSum(),
    }),
    evolve: (state, candle) => {
      const flow = moneyFlowVolume(candle);
      exchangeInExactSum(state.flow, flow, pushRecentValue(state.flows, flow));
      exchangeInExactSum(state.volume, candle.volume, pushRecentValue(state.volumes, candle.volume));
      return state;
    },
    project: ({ volumes, flow, volume }) => {
      if (volumes.count < period) return undefined;
      return volume.high === 0 ? 0 : flow.high / volume.high;
    },
  };
}
