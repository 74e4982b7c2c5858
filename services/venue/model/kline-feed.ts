import { KLINE_INTERVALS_MS } from '../kline-intervals.ts';
import type { FrameSink } from '../market-source.ts';
import type { ModelTrade } from './agg-trades.ts';
import { type BarSeries, barSeries } from './bars.ts';
import { klinePayload } from './payloads.ts';
import type { MarketProfile } from './profiles.ts';

/** Binance sends an open kline at most this often. */
const KLINE_MS = 250;

/** The kline streams of one symbol, made of its trades. */
export interface KlineFeed {
  readonly series: ReadonlyMap<string, BarSeries>;
  readonly add: (trade: ModelTrade) => void;
  /** Closes and sends every bar that ends before `nowMs`. */
  readonly advance: (nowMs: number) => void;
  readonly nextMs: () => number;
  /** Sends the open bars, if there was a trade since. */
  readonly flush: (nowMs: number) => void;
}

export function klineFeed(
  profile: MarketProfile,
  sink: FrameSink,
  options: { readonly anchorMs: number; readonly pace: number },
): KlineFeed {
  const everyMs = KLINE_MS / options.pace;
  const intervals = [...KLINE_INTERVALS_MS.keys()];
  const series = new Map(intervals.map((interval) => [interval, barSeries(interval)]));
  const streams = new Map(intervals.map((interval) => [interval, `${profile.symbol.toLowerCase()}@kline_${interval}`]));
  const streamOf = (interval: string): string => streams.get(interval) as string;
  let nextMs = options.anchorMs + everyMs;
  let hasChanged = false;
  return {
    series,
    add: (trade) => {
      for (const bars of series.values()) bars.add(trade);
      hasChanged = true;
    },
    advance: (nowMs) => {
      // Every bar ends with a minute, so most calls need no look at the longer ones.
      const minute = series.get('1m')?.open();
      if (minute === undefined || minute.closeTimeMs >= nowMs) return;
      for (const [interval, bars] of series) {
        bars.advance(nowMs, (bar) => {
          const stream = streamOf(interval);
          if (sink.wants(stream)) sink.send(stream, klinePayload(profile, interval, bar, nowMs, true));
          // No two events of a stream share an event time.
          nextMs = Math.max(nextMs, nowMs + everyMs);
        });
      }
    },
    nextMs: () => nextMs,
    flush: (nowMs) => {
      nextMs = nowMs + everyMs;
      if (!hasChanged) return;
      hasChanged = false;
      for (const [interval, bars] of series) {
        const stream = streamOf(interval);
        const bar = bars.open();
        if (bar !== undefined && sink.wants(stream))
          sink.send(stream, klinePayload(profile, interval, bar, nowMs, false));
      }
    },
  };
}
