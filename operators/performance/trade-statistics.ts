import { type Interval, wilsonInterval } from './interval.ts';

/** What trades won and lost, after fees and funding; amounts in the quote asset. `null`: there is no answer. */
export interface TradeStatistics {
  readonly count: number;
  /** Above 0; a trade of exactly 0 is neither. */
  readonly wins: number;
  readonly losses: number;
  /** wins / count. */
  readonly hitRate: number | null;
  /** Wilson's, of 95 %. */
  readonly hitRateInterval: Interval | null;
  /** Σ wins / |Σ losses|; `null` without a loss. */
  readonly profitFactor: number | null;
  readonly averageWin: number | null;
  /** Below 0. */
  readonly averageLoss: number | null;
  /** Mean of all. */
  readonly expectancy: number | null;
  readonly best: number | null;
  readonly worst: number | null;
  /** Most losses in a row. */
  readonly losingStreak: number;
}

/** @param pnls of each trade, in order of their end */
export function tradeStatistics(pnls: readonly number[]): TradeStatistics {
  const [wins, losses] = [pnls.filter((pnl) => pnl > 0), pnls.filter((pnl) => pnl < 0)];
  const [won, lost] = [sum(wins), sum(losses)];
  const count = pnls.length;
  return {
    count,
    wins: wins.length,
    losses: losses.length,
    hitRate: count > 0 ? wins.length / count : null,
    hitRateInterval: wilsonInterval(wins.length, count),
    profitFactor: lost < 0 ? won / -lost : null,
    averageWin: wins.length > 0 ? won / wins.length : null,
    averageLoss: losses.length > 0 ? lost / losses.length : null,
    expectancy: count > 0 ? sum(pnls) / count : null,
    best: count > 0 ? pnls.reduce((most, pnl) => Math.max(most, pnl)) : null,
    worst: count > 0 ? pnls.reduce((least, pnl) => Math.min(least, pnl)) : null,
    losingStreak: longestLosses(pnls),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function longestLosses(pnls: readonly number[]): number {
  let [streak, longest] = [0, 0];
  for (const pnl of pnls) {
    streak = pnl < 0 ? streak + 1 : 0;
    longest = Math.max(longest, streak);
  }
  return longest;
}
