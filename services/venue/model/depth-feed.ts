import { hash32 } from '../../../operators/random.ts';
import type { FrameSink } from '../market-source.ts';
import { type DepthChange, type DepthUpdates, depthUpdates } from './depth-updates.ts';
import type { OrderBook, Side } from './matching/order-book.ts';
import { depthUpdatePayload, partialDepthPayload } from './payloads.ts';
import type { MarketProfile } from './profiles.ts';

/** Suffixes of the diff streams and the time between their updates. `@0ms` came every 50 ms in the captures of 2024. */
const SPEEDS: readonly { readonly suffix: string; readonly everyMs: number }[] = [
  { suffix: '@100ms', everyMs: 100 },
  { suffix: '', everyMs: 250 },
  { suffix: '@250ms', everyMs: 250 },
  { suffix: '@500ms', everyMs: 500 },
  { suffix: '@0ms', everyMs: 50 },
];
const PARTIAL_LEVELS = [5, 10, 20];

interface SpeedFeed {
  readonly suffix: string;
  readonly everyMs: number;
  /** Undefined until somebody asks for this speed; 100 ms is kept always. */
  updates: DepthUpdates | undefined;
  nextMs: number;
}

/** The depth streams of one symbol. */
export interface DepthFeed {
  /** Starts the chains of update ids after the first book is complete. */
  readonly begin: (updateId: number, timeMs: number) => void;
  readonly changed: (side: Side, priceTicks: number, updateId: number, timeMs: number) => void;
  readonly nextMs: () => number;
  readonly flush: (nowMs: number) => void;
  /** Id of the last change of this symbol's book, and its time. */
  readonly lastUpdateId: () => number;
  readonly changedMs: () => number;
  readonly framesMade: () => number;
}

export function depthFeed(
  profile: MarketProfile,
  book: OrderBook,
  sink: FrameSink,
  options: { readonly anchorMs: number; readonly pace: number },
): DepthFeed {
  const stream = profile.symbol.toLowerCase();
  let lastUpdateId = 0;
  let changedMs = options.anchorMs;
  let framesMade = 0;
  let nextMs = options.anchorMs;
  const feeds: SpeedFeed[] = SPEEDS.map(({ suffix, everyMs }) => ({
    suffix,
    everyMs: everyMs / options.pace,
    updates: undefined,
    nextMs: options.anchorMs + (everyMs + (hash32(profile.symbol, suffix) % everyMs)) / options.pace,
  }));
  const schedule = (): void => {
    nextMs = Math.min(...feeds.map((feed) => feed.nextMs));
  };
  const isWanted = (feed: SpeedFeed): boolean =>
    sink.wants(`${stream}@depth${feed.suffix}`) ||
    PARTIAL_LEVELS.some((levels) => sink.wants(`${stream}@depth${levels}${feed.suffix}`));

  const sendChange = (feed: SpeedFeed, change: DepthChange, nowMs: number): void => {
    const name = `${stream}@depth${feed.suffix}`;
    if (sink.wants(name)) sink.send(name, depthUpdatePayload(profile, book, change, nowMs));
    for (const levels of PARTIAL_LEVELS) {
      const partial = `${stream}@depth${levels}${feed.suffix}`;
      if (sink.wants(partial)) sink.send(partial, partialDepthPayload(profile, book, change, nowMs, levels));
    }
  };

  return {
    begin: (updateId, timeMs) => {
      lastUpdateId = updateId;
      changedMs = timeMs;
      (feeds[0] as SpeedFeed).updates = depthUpdates(updateId);
      schedule();
    },
    changed: (side, priceTicks, updateId, timeMs) => {
      lastUpdateId = updateId;
      changedMs = timeMs;
      for (const feed of feeds) feed.updates?.changed(side, priceTicks, updateId, timeMs);
    },
    nextMs: () => nextMs,
    flush: (nowMs) => {
      for (const feed of feeds) {
        if (feed.nextMs > nowMs) continue;
        feed.nextMs += feed.everyMs;
        if (feed.updates === undefined && isWanted(feed)) feed.updates = depthUpdates(lastUpdateId);
        const change = feed.updates?.flush();
        if (change === undefined) continue;
        if (feed.suffix === '@100ms') framesMade++;
        sendChange(feed, change, nowMs);
      }
      schedule();
    },
    lastUpdateId: () => lastUpdateId,
    changedMs: () => changedMs,
    framesMade: () => framesMade,
  };
}
