import type { FrameSink } from '../market-source.ts';
import type { Liquidation } from './liquidations.ts';
import { forceOrderPayload } from './payloads.ts';
import type { MarketProfile } from './profiles.ts';

/** "Only the latest one liquidation order within 1000ms will be pushed" [Liquidation Order Streams page]. */
const FORCE_ORDER_MS = 1000;

/** The forceOrder streams of one symbol: a sample, not all liquidations. */
export interface ForceOrderFeed {
  readonly report: (liquidation: Liquidation, nowMs: number) => void;
  readonly nextMs: () => number;
  readonly flush: (nowMs: number) => void;
}

export function forceOrderFeed(profile: MarketProfile, sink: FrameSink, pace: number): ForceOrderFeed {
  const streams = [`${profile.symbol.toLowerCase()}@forceOrder`, '!forceOrder@arr'];
  let latest: Liquidation | undefined;
  let dueMs = Number.POSITIVE_INFINITY;
  return {
    report: (liquidation, nowMs) => {
      latest = liquidation;
      if (dueMs === Number.POSITIVE_INFINITY) dueMs = nowMs + FORCE_ORDER_MS / pace;
    },
    nextMs: () => dueMs,
    flush: (nowMs) => {
      dueMs = Number.POSITIVE_INFINITY;
      if (latest === undefined) return;
      for (const stream of streams) {
        if (sink.wants(stream)) sink.send(stream, forceOrderPayload(profile, latest, nowMs));
      }
      latest = undefined;
    },
  };
}
