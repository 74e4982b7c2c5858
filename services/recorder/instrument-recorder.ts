import type { Log } from '../../infra/service.ts';
import type { GapReason } from '../../streams/events/gap.ts';
import type { Instrument } from '../../streams/instrument.ts';
import { type Counts, createCounts } from './counts.ts';
import { createDepthSync, type DepthSyncState } from './depth-sync.ts';
import type { EventFrame } from './frame.ts';
import type { Peers } from './peers.ts';
import type { Rest } from './rest.ts';
import type { RecorderSettings } from './settings.ts';
import type { Topic } from './topics.ts';
import { createTradeRefill, type TradeRefillState } from './trade-refill.ts';
import type { LogEvent } from './writer.ts';

/** Turns what the venue sends of one instrument into the events of its log, gaps included. */
export interface InstrumentRecorder {
  accept(frame: EventFrame, receiveTimeUs: number, endsSilence: boolean): void;
  /** A frame of the channel was refused. */
  sawDeadLetter(channel: string): void;
  up(topics: readonly Topic[], connection: number, isRenewal: boolean): void;
  down(topics: readonly Topic[], connection: number, reason: string): void;
  /** A REST answer; `endsSilence`: answers were missing before it. */
  add(channel: string, payload: string, endsSilence?: boolean): void;
  /** The log took the events, and found that the channel's chain has a hole before `found`. */
  sawGap(channel: string, found: string | null): void;
  /** The log was lost: what nothing can be read without is written again. */
  beginAnew(): void;
  stop(): void;
  readonly counts: Counts;
  /** Streamed channels that are received now → since when without a break, on the clock of `performance.now`. */
  readonly live: ReadonlyMap<string, number>;
  readonly depth: () => DepthSyncState;
  readonly trades: () => TradeRefillState;
}

export interface InstrumentRecorderOptions {
  readonly instrument: Instrument;
  readonly settings: RecorderSettings;
  readonly rest: Rest;
  readonly peers: Peers;
  readonly receiveTimeUs: () => number;
  readonly log: Log;
  /** Last source sequences of an earlier run, by channel. */
  readonly lastSequences: ReadonlyMap<string, number>;
  readonly push: (event: LogEvent) => void;
}

interface GapDetail {
  readonly expected?: string | null;
  readonly found?: string | null;
  readonly isMoot?: () => boolean;
}

/** The recorder that was thought to cover us may have died within its last heartbeat: the next must have come by now. */
const RECHECK_MS = 2_000;

/** Channels whose events say themselves what came before: the append function marks their gaps. */
const CHAINED = new Set(['depth', 'aggTrade', 'trade']);

export function createInstrumentRecorder(options: InstrumentRecorderOptions): InstrumentRecorder {
  const { instrument, settings, rest, peers, receiveTimeUs, log, lastSequences } = options;
  const { symbol } = instrument;
  const counts = createCounts();
  /** Channels that were in the log before the connection which comes up now. */
  const begun = new Set(lastSequences.keys());
  const live = new Map<string, number>();
  /** Channels that were received → since when they were not, the last time; those of an earlier run were until this one began. */
  const missedSince = new Map<string, number>();
  const startedMs = performance.now();
  let description: string | undefined;
  const recheck: NodeJS.Timeout[] = [];

  const depth = createDepthSync({
    symbol,
    rest,
    everyMs: settings.snapshotEveryMs,
    log,
    onSnapshot: (text) => push('depthSnapshot', text),
  });
  const trades = createTradeRefill({
    symbol,
    rest,
    receiveTimeUs,
    timeoutMs: settings.refillTimeoutMs,
    refillTradesMax: settings.refillTradesMax,
    heldTradesMax: settings.heldTradesMax,
    log,
    onTrade: (trade) => push('aggTrade', trade.payload, trade.receiveTimeUs),
    onGap: (expected, found, reason) =>
      pushGap('aggTrade', reason, { expected: String(expected), found: String(found) }),
  });
  const lastTrade = lastSequences.get('aggTrade');
  if (lastTrade !== undefined) trades.startAfter(lastTrade);
  // Whatever an earlier run left, the book of this run begins with a snapshot of its own.
  depth.need();

  function push(channel: string, payload: string, atUs = receiveTimeUs(), isMoot?: () => boolean): void {
    begun.add(channel);
    counts.of(channel).lastEventMs = atUs / 1_000;
    options.push({ channel, payload, receiveTimeUs: atUs, ...(isMoot === undefined ? {} : { isMoot }) });
  }

  function pushGap(
    channel: string,
    reason: GapReason,
    { expected = null, found = null, isMoot }: GapDetail = {},
  ): void {
    counts.of(channel).gaps++;
    push('gap', JSON.stringify({ channel, expected, found, reason }), undefined, isMoot);
  }

  /** When the last event of any of them was received, on the clock of `performance.now`. */
  function lastEventOf(channels: readonly string[]): number {
    const lastMs = Math.max(...channels.map((channel) => counts.channels.get(channel)?.lastEventMs ?? 0));
    return performance.now() - (receiveTimeUs() / 1_000 - lastMs);
  }

  /** We missed the channel, which is a gap of the log only where no other recorder received it all the while. */
  function pushGapUnlessCovered(channel: string): void {
    const reason = missedSince.has(channel) ? 'disconnected' : 'restart';
    const sinceMs = missedSince.get(channel) ?? startedMs;
    const isCovered = () => peers.covers(instrument.name, channel, sinceMs);
    pushGap(channel, reason, {
      isMoot() {
        if (!isCovered()) return false;
        counts.of(channel).gaps--;
        recheck.push(setTimeout(() => isCovered() || pushGap(channel, reason), RECHECK_MS));
        return true;
      },
    });
  }

  return {
    accept({ topic, payload, facts }, atUs, endsSilence) {
      const { channel } = topic;
      if (endsSilence && !CHAINED.has(channel)) pushGap(channel, 'silence');
      if (channel === 'aggTrade') {
        trades.accept({ id: facts.sequence, payload, receiveTimeUs: atUs });
        return;
      }
      push(channel, payload, atUs);
      if (channel === 'depth') depth.sawDiff(facts.sequence, facts.predecessor ?? facts.sequence);
    },
    sawDeadLetter(channel) {
      counts.of(channel).deadLetters++;
      if (!CHAINED.has(channel)) pushGap(channel, 'dead-letter');
    },
    up(topics, connection, isRenewal) {
      const channels = topics.map((topic) => topic.channel);
      push('connected', JSON.stringify({ channels, connection }));
      for (const channel of channels) {
        const wasRecorded = begun.has(channel) && !CHAINED.has(channel);
        if (wasRecorded && !isRenewal) pushGapUnlessCovered(channel);
        if (!live.has(channel)) live.set(channel, performance.now());
      }
    },
    down(topics, connection, reason) {
      const channels = topics.map((topic) => topic.channel);
      if (reason !== 'renewed') {
        // A half-open socket may have been dead since its last event.
        const sinceMs = reason === 'half-open' ? lastEventOf(channels) : performance.now();
        for (const channel of channels) {
          live.delete(channel);
          missedSince.set(channel, sinceMs);
        }
      }
      push('disconnected', JSON.stringify({ channels, connection, reason }));
    },
    add(channel, payload, endsSilence = false) {
      if (endsSilence && begun.has(channel)) pushGap(channel, 'silence');
      if (channel === 'instrument') description = payload;
      push(channel, payload);
    },
    beginAnew() {
      if (description !== undefined) push('instrument', description);
      depth.need();
    },
    sawGap(channel, found) {
      counts.of(channel).gaps++;
      if (channel === 'depth') depth.need(found === null ? undefined : Number(found));
    },
    stop() {
      depth.stop();
      trades.stop();
      for (const timer of recheck) clearTimeout(timer);
    },
    counts,
    live,
    depth: depth.state,
    trades: trades.state,
  };
}
