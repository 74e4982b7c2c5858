import type { Gap } from '../streams/events/gap.ts';
import type { InstrumentInfo } from '../streams/events/instrument-info.ts';
import type { Trade } from '../streams/events/trade.ts';
import { type ActivityBarsState, activityBars } from './bar-activity.ts';
import { type AmountState, amountRule } from './bar-amount-rule.ts';
import { type ImbalanceState, imbalanceRule } from './bar-imbalance-rule.ts';
import { type BarsState, bars, concernsTrades } from './bars.ts';
import type { BarBreak, ClosedBar } from './features/feature-input.ts';
import type { Projection } from './fold.ts';

/** Bars from each multiple of the interval to the next. */
export interface TimeClock {
  readonly kind: 'time';
  readonly intervalMs: number;
}

interface RestartingClock {
  /**
   * Starts the clock anew at each multiple of it since the epoch in UTC, so that what began at different times agrees from
   * there on; without it bars depend on where the recording, or the trades after a gap, begin.
   */
  readonly restartMs?: number;
}

/**
 * A bar closes with its n-th trade. Trades of the venue, the ticks of López de Prado (2018), section 2.3.1.2: an aggTrade
 * counts as many as it is made of, so that a recording of `trade` ticks like one of `aggTrade`; what it has too many is in
 * the bar that it closes.
 */
export interface TickClock extends RestartingClock {
  readonly kind: 'tick';
  readonly trades: number;
}

/** A bar closes with the trade that brings its volume to this, in the base asset. */
export interface VolumeClock extends RestartingClock {
  readonly kind: 'volume';
  readonly qty: number;
}

/** A bar closes with the trade that brings its sum of price × quantity to this, in the quote asset. */
export interface DollarClock extends RestartingClock {
  readonly kind: 'dollar';
  readonly notional: number;
}

/** A bar closes where buying and selling are further apart than is expected of a whole bar. @see imbalanceRule */
export interface ImbalanceClock extends RestartingClock {
  readonly kind: 'imbalance';
  readonly of: 'tick' | 'volume' | 'dollar';
  /** Trades of the first bar, and what the expected length of later ones begins with. */
  readonly expectedTrades: number;
  /** Bars over which expectations are averaged. */
  readonly span: number;
}

/** By what happens, not by time. */
export type ActivityClock = TickClock | VolumeClock | DollarClock | ImbalanceClock;

/** By what trades are cut into bars. */
export type BarClock = TimeClock | ActivityClock;

export type BarClockInput = Trade | Gap | InstrumentInfo;

/** Plain data. */
export type BarClockState = BarsState | ActivityBarsState<AmountState> | ActivityBarsState<ImbalanceState>;

type Clock<State> = Projection<BarClockInput, State, ClosedBar | BarBreak>;

const BAR_BREAK: BarBreak = { type: 'barBreak' };

/** The bars that features are folded from; only whole ones. A gap of trades is told at once. */
export function barClock(clock: BarClock): Clock<BarClockState> {
  // The state that a clock is given is the one that it began with, or a copy.
  if (clock.kind === 'time') return timeClock(clock) as Clock<BarClockState>;
  if (clock.kind === 'imbalance') return activityBars(imbalanceRule(clock), clock.restartMs) as Clock<BarClockState>;
  return activityBars(amountRule(clock), clock.restartMs) as Clock<BarClockState>;
}

/**
 * Whether a bar contains the trade at which it is told. A bar of time is closed by the first trade behind it, the others by
 * their own last one.
 */
export function containsItsClosingTrade({ kind }: BarClock): boolean {
  return kind !== 'time';
}

/** A recording that began in the middle of a minute gives the same bars as one that began before it. */
function timeClock({ intervalMs }: TimeClock): Clock<BarsState> {
  const { initialState, evolve, project } = bars({ intervalMs });
  return {
    initialState,
    evolve: (state, event) => (event.type === 'instrument' ? state : evolve(state, event)),
    project: (state, event) => {
      if (event.type === 'instrument') return undefined;
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
