import type { Scale } from '../streams/events/scale.ts';
import type { Trade } from '../streams/events/trade.ts';
import type { ClosingRule } from './bar-activity.ts';
import type { DollarClock, TickClock, VolumeClock } from './bar-clock.ts';

/** What a trade adds to a bar: trades of the venue, steps, or tick·steps; whole numbers, so that sums are exact. */
export function amountOf(kind: 'tick' | 'volume' | 'dollar', trade: Trade): number {
  switch (kind) {
    case 'tick':
      // Ids are the venue's; whatever they are, a trade is one at least.
      return Math.max(1, trade.lastTradeId - trade.firstTradeId + 1);
    case 'volume':
      return trade.qtySteps;
    case 'dollar':
      return trade.priceTicks * trade.qtySteps;
  }
}

/** Plain data. */
export interface AmountState {
  /** Of the open bar. */
  amount: number;
  /** At which it closes, in the same unit. */
  limit: number;
}

/** A bar closes with the trade at which its trades, its volume or its notional reaches what the clock says. */
export function amountRule(clock: TickClock | VolumeClock | DollarClock): ClosingRule<AmountState> {
  return {
    needsScale: clock.kind !== 'tick',
    initialState: (scale) => ({ amount: 0, limit: limitOf(clock, scale) }),
    addTrade: (state, trade) => {
      state.amount += amountOf(clock.kind, trade);
      if (state.amount < state.limit) return false;
      state.amount = 0;
      return true;
    },
  };
}

function limitOf(clock: TickClock | VolumeClock | DollarClock, scale: Scale | undefined): number {
  if (clock.kind === 'tick') return clock.trades;
  // It needs the scale, so that it is not asked before there is one.
  if (scale === undefined) return 0;
  return clock.kind === 'volume'
    ? leastCount(clock.qty, scale.qty.toNumber)
    : leastCount(clock.notional, scale.toNotional);
}

/** Least whole count whose value is not below the limit: `limit / unit` alone may miss it by the rounding of a division. */
function leastCount(limit: number, toNumber: (count: number) => number): number {
  const near = Math.round(limit / toNumber(1));
  for (const count of [near - 1, near]) if (toNumber(count) >= limit) return count;
  return near + 1;
}
