import type { BarClock } from '../../operators/bar-clock.ts';

/** The clock as people read it: `bar of 60 s`, `bar of 1,000,000 of the quote asset`. */
export function clockText(clock: BarClock): string {
  const count = (value: number): string => value.toLocaleString('en');
  switch (clock.kind) {
    case 'time':
      return `bar of ${clock.intervalMs / 1_000} s`;
    case 'kline':
      return `candle of ${clock.interval}`;
    case 'tick':
      return `bar of ${count(clock.trades)} trades`;
    case 'volume':
      return `bar of ${count(clock.qty)} of the base asset`;
    case 'dollar':
      return `bar of ${count(clock.notional)} of the quote asset`;
    case 'imbalance':
      return `bar of ${clock.of} imbalance`;
  }
}
