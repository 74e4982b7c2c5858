import type { Gap } from '../streams/events/gap.ts';
import type { InstrumentInfo } from '../streams/events/instrument-info.ts';
import { createScale, type Scale } from '../streams/events/scale.ts';
import type { Trade } from '../streams/events/trade.ts';
import { concernsTrades } from './bars.ts';
import type { BarBreak, ClosedBar } from './features/feature-input.ts';
import type { Projection } from './fold.ts';

/** What a bar is full of. */
export interface ClosingRule<State> {
  /** Whether it can say nothing before it knows the instrument's units. */
  readonly needsScale: boolean;
  /** Before the first trade. Plain data. @param scale undefined where it is not known */
  readonly initialState: (scale: Scale | undefined) => State;
  /** @returns whether the bar closes with this trade; the next trade is then the first of another */
  readonly addTrade: (state: State, trade: Trade) => boolean;
}

type OpenBar = { -readonly [Key in keyof ClosedBar]: ClosedBar[Key] };

/** Plain data. */
export interface ActivityBarsState<RuleState> {
  open: OpenBar | null;
  rule: RuleState;
  /** Of what the event being folded says; null: nothing. */
  said: ClosedBar | BarBreak | null;
  /** Empty before the instrument is known. */
  tickSize: string;
  stepSize: string;
  /** The multiple of `restartMs` that the trades have come to; −1 before the first. */
  period: number;
}

/**
 * Bars that close with the trade at which the rule is met. A trade is never split: what it has too much is in the bar that
 * it closes, and the next bar begins with nothing. In log order, so that late trades count in the bar then open.
 *
 * A bar begins with a trade, so that the first of a recording, or after a gap, is as whole as any; but where it begins, and
 * so where all later ones do, depends on where the trades do. A gap of trades drops the open bar, of which trades are
 * missing, and all that the rule has learnt; so does an instrument with other units. At `restartMs` the open bar is dropped
 * as well, but nothing is missing, and the bars are not broken: its trades are in none.
 *
 * `openTimeMs` is the time of the bar's first trade, `closeTimeMs` that of the latest.
 */
export function activityBars<RuleState>(
  rule: ClosingRule<RuleState>,
  restartMs?: number,
): Projection<Trade | Gap | InstrumentInfo, ActivityBarsState<RuleState>, ClosedBar | BarBreak> {
  type State = ActivityBarsState<RuleState>;

  function startAnew(state: State): void {
    const { tickSize, stepSize } = state;
    state.open = null;
    state.rule = rule.initialState(tickSize === '' ? undefined : createScale(tickSize, stepSize));
  }

  function addTrade(state: State, trade: Trade): void {
    if (rule.needsScale && state.tickSize === '') return;
    if (restartMs !== undefined) enterPeriod(state, Math.floor(trade.transactionTimeMs / restartMs));
    state.open = state.open === null ? openBar(trade) : addToBar(state.open, trade);
    if (!rule.addTrade(state.rule, trade)) return;
    state.said = state.open;
    state.open = null;
  }

  function enterPeriod(state: State, period: number): void {
    if (period <= state.period) return;
    if (state.period >= 0) startAnew(state);
    state.period = period;
  }

  function setScale(state: State, { price, qty }: Scale): void {
    if (price.size === state.tickSize && qty.size === state.stepSize) return;
    if (state.tickSize !== '') state.said = { type: 'barBreak' };
    state.tickSize = price.size;
    state.stepSize = qty.size;
    startAnew(state);
  }

  function interrupt(state: State): void {
    startAnew(state);
    state.said = { type: 'barBreak' };
  }

  return {
    initialState: () => ({
      open: null,
      rule: rule.initialState(undefined),
      said: null,
      tickSize: '',
      stepSize: '',
      period: -1,
    }),
    evolve: (state, event) => {
      state.said = null;
      if (event.type === 'trade') addTrade(state, event);
      else if (event.type === 'instrument') setScale(state, event.scale);
      else if (concernsTrades(event)) interrupt(state);
      return state;
    },
    project: ({ said }) => said ?? undefined,
  };
}

function openBar({ transactionTimeMs, priceTicks, qtySteps }: Trade): OpenBar {
  return {
    type: 'bar',
    openTimeMs: transactionTimeMs,
    closeTimeMs: transactionTimeMs,
    open: priceTicks,
    high: priceTicks,
    low: priceTicks,
    close: priceTicks,
    volume: qtySteps,
  };
}

function addToBar(bar: OpenBar, { transactionTimeMs, priceTicks, qtySteps }: Trade): OpenBar {
  if (transactionTimeMs > bar.closeTimeMs) bar.closeTimeMs = transactionTimeMs;
  if (priceTicks > bar.high) bar.high = priceTicks;
  if (priceTicks < bar.low) bar.low = priceTicks;
  bar.close = priceTicks;
  bar.volume += qtySteps;
  return bar;
}
