import type { ActivityClock } from '../../operators/bar-clock.ts';
import type { ClosedBar } from '../../operators/features/feature-input.ts';
import type { Trade } from '../../streams/events/trade.ts';

// Bars as their definitions read, each computed anew from all trades before it. For a tick of 0.10 and a step of 0.001.

/** Index of the trade that closes each bar. */
export function naiveEnds(clock: ActivityClock, trades: readonly Trade[]): number[] {
  const ends: number[] = [];
  for (;;) {
    const first = ends.length === 0 ? 0 : ends.at(-1)! + 1;
    const isFull = fullness(clock, trades, ends);
    const end = trades.findIndex((_, at) => at >= first && isFull(trades.slice(first, at + 1)));
    if (end < 0) return ends;
    ends.push(end);
  }
}

export function naiveBars(clock: ActivityClock, trades: readonly Trade[]): ClosedBar[] {
  const ends = naiveEnds(clock, trades);
  return ends.map((end, n) => {
    const part = trades.slice(n === 0 ? 0 : ends[n - 1]! + 1, end + 1);
    const prices = part.map(({ priceTicks }) => priceTicks);
    return {
      type: 'bar',
      openTimeMs: part[0]!.transactionTimeMs,
      closeTimeMs: Math.max(...part.map(({ transactionTimeMs }) => transactionTimeMs)),
      open: prices[0]!,
      high: Math.max(...prices),
      low: Math.min(...prices),
      close: prices.at(-1)!,
      volume: sum(part.map(({ qtySteps }) => qtySteps)),
    };
  });
}

type Fullness = (part: readonly Trade[]) => boolean;

function fullness(clock: ActivityClock, trades: readonly Trade[], ends: readonly number[]): Fullness {
  switch (clock.kind) {
    case 'tick':
      return (part) => sum(part.map(count)) >= clock.trades;
    case 'volume':
      return (part) => sum(part.map(({ qtySteps }) => qtySteps)) >= Math.round(clock.qty * 1_000);
    case 'dollar':
      return (part) =>
        sum(part.map(({ priceTicks, qtySteps }) => priceTicks * qtySteps)) >= Math.round(clock.notional * 10_000);
    case 'imbalance':
      return imbalanceFullness(clock, trades, ends);
  }
}

function imbalanceFullness(
  { of, expectedTrades, span }: Extract<ActivityClock, { readonly kind: 'imbalance' }>,
  trades: readonly Trade[],
  ends: readonly number[],
): Fullness {
  const signed = (trade: Trade): number => {
    const { aggressorSide, priceTicks, qtySteps } = trade;
    const amount = of === 'tick' ? count(trade) : of === 'volume' ? qtySteps : priceTicks * qtySteps;
    return aggressorSide === 'buy' ? amount : -amount;
  };
  if (ends.length === 0) return (part) => sum(part.map(count)) >= expectedTrades;
  const lengths = ends.map((end, n) => sum(trades.slice(n === 0 ? 0 : ends[n - 1]! + 1, end + 1).map(count)));
  let expectedLength = expectedTrades;
  for (const length of lengths) {
    expectedLength = (2 * length + (span - 1) * expectedLength) / (span + 1);
    expectedLength = Math.max(expectedTrades / 10, Math.min(expectedTrades * 10, expectedLength));
  }
  // Each trade of the venue by itself, the latest with weight 1.
  const each = trades.slice(0, ends.at(-1)! + 1).flatMap((item) => Array(count(item)).fill(signed(item) / count(item)));
  const kept = 1 - 2 / (span * expectedTrades + 1);
  const weights = each.map((_, n) => kept ** (each.length - 1 - n));
  const expectedSign = sum(each.map((value, n) => value * weights[n]!)) / sum(weights);
  return (part) => {
    const length = sum(part.map(count));
    if (length >= expectedTrades * 10) return true;
    const isFar = Math.abs(sum(part.map(signed))) >= expectedLength * Math.abs(expectedSign);
    return length >= expectedTrades / 10 && isFar;
  };
}

function count({ firstTradeId, lastTradeId }: Trade): number {
  return lastTradeId - firstTradeId + 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
