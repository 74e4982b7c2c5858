import type { TradingAccount, TradingFill, TradingOrder } from './trading.ts';

/** What all accounts have done and want to do in one instrument. */
export interface OwnTrading {
  readonly fills: readonly TradingFill[];
  readonly orders: readonly TradingOrder[];
}

export function ownTrading(accounts: readonly TradingAccount[], instrument: string): OwnTrading {
  const sessions = accounts.flatMap(({ session }) => (session?.instrument === instrument ? [session] : []));
  return { fills: sessions.flatMap(({ fills }) => fills), orders: sessions.flatMap(({ orders }) => orders) };
}

/** The fills of one side within one bar. */
export interface FillMark {
  /** When the bar begins. */
  readonly timeS: number;
  readonly side: string;
  /** Mean, weighted by quantity. */
  readonly price: number;
}

/** Marks in order of time, of the bars from `fromS` on. */
export function fillMarks(
  fills: readonly TradingFill[],
  { stepS, fromS }: { readonly stepS: number; readonly fromS: number },
): FillMark[] {
  const barOf = ({ timeMs }: TradingFill) => Math.floor(timeMs / 1_000 / stepS) * stepS;
  const groups = Map.groupBy(fills, (fill) => `${barOf(fill)} ${fill.side}`);
  return [...groups.values()]
    .map((group) => {
      const [first] = group as [TradingFill, ...TradingFill[]];
      const qty = group.reduce((sum, fill) => sum + fill.qty, 0);
      const value = group.reduce((sum, fill) => sum + fill.price * fill.qty, 0);
      return { timeS: barOf(first), side: first.side, price: value / qty };
    })
    .filter(({ timeS }) => timeS >= fromS)
    .toSorted((a, b) => a.timeS - b.timeS);
}
