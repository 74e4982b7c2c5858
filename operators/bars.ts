import type { Gap } from '../streams/events/gap.ts';
import type { Trade } from '../streams/events/trade.ts';
import type { Projection } from './fold.ts';

/** A time bar built from trades. Prices in ticks, volumes in steps, so that its sums are exact. */
export interface Bar {
  readonly openTimeMs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeSteps: number;
  /** Sum of price × quantity, in tick·steps. */
  readonly quoteVolume: number;
  /** Volume in which the taker bought. */
  readonly buyVolumeSteps: number;
  /** Trades of the venue, not events: an aggTrade counts as many as it is made of. */
  readonly trades: number;
  readonly isClosed: boolean;
  /** False where trades of its time are missing: the recording began or ended within it, or has a gap there. */
  readonly isWhole: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Plain data. */
export interface BarsState {
  open: Mutable<Bar> | null;
  /** Set while the event being folded has closed a bar. */
  closed: Bar | null;
  /** Open time of the last bar that was closed; −1 before the first. */
  lastClosedMs: number;
  /** Trades are missing before the next one. */
  isBroken: boolean;
}

/** Whether a gap is one of trades. */
export function concernsTrades({ channel }: Gap): boolean {
  return channel === 'aggTrade' || channel === 'trade';
}

/** The recording has no further events. */
export interface RecordingEnd {
  readonly type: 'recordingEnd';
}

/**
 * Time bars from trades, by transaction time. A bar is closed by the first trade of a later one, and by nothing else but
 * the end of the recording: trades and depth come on different connections, so that closing by depth would make a bar
 * depend on which was faster. A trade that comes later still counts in the bar then open, so a bar once given never
 * changes. A time without trades has no bar.
 */
export function bars(options: { readonly intervalMs: number }): Projection<Trade | Gap | RecordingEnd, BarsState, Bar> {
  const { intervalMs } = options;

  function close(state: BarsState, isEnd = false): void {
    if (state.open === null) return;
    state.closed = { ...state.open, isClosed: true, isWhole: state.open.isWhole && !isEnd };
    state.lastClosedMs = state.open.openTimeMs;
    state.open = null;
  }

  function addTrade(state: BarsState, trade: Trade): void {
    const started = Math.floor(trade.transactionTimeMs / intervalMs) * intervalMs;
    const openTimeMs = Math.max(started, state.lastClosedMs < 0 ? 0 : state.lastClosedMs + intervalMs);
    if (state.open !== null && openTimeMs > state.open.openTimeMs) close(state);
    const { priceTicks, qtySteps } = trade;
    state.open ??= {
      openTimeMs,
      openTicks: priceTicks,
      highTicks: priceTicks,
      lowTicks: priceTicks,
      closeTicks: priceTicks,
      volumeSteps: 0,
      quoteVolume: 0,
      buyVolumeSteps: 0,
      trades: 0,
      isClosed: false,
      isWhole: !state.isBroken,
    };
    state.isBroken = false;
    const bar = state.open;
    if (priceTicks > bar.highTicks) bar.highTicks = priceTicks;
    if (priceTicks < bar.lowTicks) bar.lowTicks = priceTicks;
    bar.closeTicks = priceTicks;
    bar.volumeSteps += qtySteps;
    bar.quoteVolume += priceTicks * qtySteps;
    if (trade.aggressorSide === 'buy') bar.buyVolumeSteps += qtySteps;
    bar.trades += trade.lastTradeId - trade.firstTradeId + 1;
  }

  function interrupt(state: BarsState): void {
    if (state.open !== null) state.open.isWhole = false;
    state.isBroken = true;
  }

  return {
    initialState: () => ({ open: null, closed: null, lastClosedMs: -1, isBroken: true }),
    evolve: (state, event) => {
      state.closed = null;
      if (event.type === 'trade') addTrade(state, event);
      else if (event.type === 'recordingEnd') close(state, true);
      else if (concernsTrades(event)) interrupt(state);
      return state;
    },
    project: (state) => state.closed ?? undefined,
  };
}
