import type { Gap } from '../streams/events/gap.ts';
import type { InstrumentInfo } from '../streams/events/instrument-info.ts';
import type { Kline } from '../streams/events/kline.ts';
import type { Trade } from '../streams/events/trade.ts';
import { type ActivityBarsState, activityBars } from './bar-activity.ts';
import { type AmountState, amountRule } from './bar-amount-rule.ts';
import { type ImbalanceState, imbalanceRule } from './bar-imbalance-rule.ts';
import { type BarsState, bars, concernsTrades } from './bars.ts';
import type { BarBreak, ClosedBar, FeatureInput } from './features/feature-input.ts';
import type { Projection } from './fold.ts';
import { type KlineBarsState, type KlineInterval, klineBars } from './kline-bars.ts';

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

/** The venue's own candles, of which there are years where no trade was recorded. */
export interface KlineClock {
  readonly kind: 'kline';
  readonly interval: KlineInterval;
}

/** By what bars are made: trades are cut into them, or the venue did so. */
export type BarClock = TimeClock | KlineClock | ActivityClock;

export type BarClockInput = Trade | Kline | Gap | InstrumentInfo;

/** Plain data. */
export type BarClockState =
  | BarsState
  | KlineBarsState
  | ActivityBarsState<AmountState>
  | ActivityBarsState<ImbalanceState>;

type Clock<State> = Projection<BarClockInput, State, ClosedBar | BarBreak>;

const BAR_BREAK: BarBreak = { type: 'barBreak' };

/** Whether bars of the clock are made of such an input: one that is not is none of its business. */
export function makesBars({ kind }: BarClock, input: FeatureInput): input is BarClockInput {
  const { type } = input;
  return type === 'gap' || type === 'instrument' || type === (kind === 'kline' ? 'kline' : 'trade');
}

/**
 * The bars that features are folded from; only whole ones. A gap of trades (or candles) is told at once. It is fed what
 * `makesBars` says.
 */
export function barClock(clock: BarClock): Clock<BarClockState> {
  // The state that a clock is given is the one that it began with, or a copy.
  if (clock.kind === 'time') return timeClock(clock) as Clock<BarClockState>;
  if (clock.kind === 'kline') return klineBars(clock.interval) as unknown as Clock<BarClockState>;
  if (clock.kind === 'imbalance') return activityBars(imbalanceRule(clock), clock.restartMs) as Clock<BarClockState>;
  return activityBars(amountRule(clock), clock.restartMs) as Clock<BarClockState>;
}

/**
 * Whether a bar contains the trade at which it is told. A bar of time is closed by the first trade behind it, the others by
 * their own last one; a candle comes by itself.
 */
export function containsItsClosingTrade({ kind }: BarClock): boolean {
  return kind !== 'time' && kind !== 'kline';
}

/** A recording that began in the middle of a minute gives the same bars as one that began before it. */
function timeClock({ intervalMs }: TimeClock): Clock<BarsState> {
  const { initialState, evolve, project } = bars({ intervalMs });
  return {
    initialState,
    evolve: (state, event) => (event.type === 'trade' || event.type === 'gap' ? evolve(state, event) : state),
    project: (state, event) => {
      if (event.type === 'gap') return concernsTrades(event) ? BAR_BREAK : undefined;
      const bar = event.type === 'trade' ? project(state, event) : undefined;
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
