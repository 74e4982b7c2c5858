import type { Gap } from '../streams/events/gap.ts';
import type { Trade } from '../streams/events/trade.ts';
import { type BarsState, bars, concernsTrades } from './bars.ts';
import type { BarBreak, ClosedBar } from './features/feature-input.ts';
import type { Projection } from './fold.ts';

/** By what trades are cut into bars. */
export interface BarClock {
  readonly kind: 'time';
  readonly intervalMs: number;
}

const BAR_BREAK: BarBreak = { type: 'barBreak' };

/**
 * The bars that features are folded from. Only whole ones, so that a recording that began in the middle of a minute gives
 * the same bars as one that began before it; a gap of trades is told at once.
 */
export function barClock({ intervalMs }: BarClock): Projection<Trade | Gap, BarsState, ClosedBar | BarBreak> {
  const { initialState, evolve, project } = bars({ intervalMs });
  return {
    initialState,
    evolve,
    project: (state, event) => {
      if (event.type === 'gap') return concernsTrades(event) ? BAR_BREAK : undefined;
      const bar = project(state, event);
      if (bar === undefined || !bar.isWhole) return undefined;
      return {
        type: 'bar',
        openTimeMs: bar.openTimeMs,
        closeTimeMs: bar.openTimeMs + intervalMs,
        open: bar.openTicks,
        high: bar.highTicks,
        low: bar.lowTicks,
        close: bar.closeTicks,
        volume: bar.volumeSteps,
      };
    },
  };
}
