import type { Log } from '../../infra/service.ts';
import { createBackoff } from './backoff.ts';
import { integerAt, memberRange } from './json-text.ts';
import type { Rest } from './rest.ts';
import { waitAfter } from './rest-wait.ts';

export interface DepthSyncOptions {
  readonly symbol: string;
  readonly rest: Rest;
  readonly everyMs: number;
  readonly log: Log;
  /** The exact text of an answer that is new enough to synchronise a book. */
  readonly onSnapshot: (text: string) => void;
}

/** Asks for depth snapshots: at the start, after each break of the diffs, and every so often. */
export interface DepthSync {
  /** A diff went to the log. */
  sawDiff(sequence: number, predecessor: number): void;
  /**
   * The diffs have a gap: a snapshot must reach `threshold`, the predecessor of the first diff after it; undefined: that
   * of the next diff to come.
   */
  need(threshold?: number): void;
  stop(): void;
  state(): DepthSyncState;
}

export interface DepthSyncState {
  readonly isSynchronising: boolean;
  readonly snapshots: number;
  readonly staleSnapshots: number;
}

const DEPTH_PATH = 'fapi/v1/depth';
const DEPTH_LEVELS = 1000;
/** Weight of 1000 levels (binance.md 1.6). */
const DEPTH_WEIGHT = 20;
/** A timed refresh that keeps coming back stale is given up until its next turn; a needed snapshot never is. */
const REFRESH_ATTEMPTS_MAX = 4;

/**
 * Snapshots as the futures rule wants them: an event with U <= lastUpdateId <= u, or pu <= lastUpdateId <= u, must follow.
 *
 * So one is asked for only when the first diff after the break is known, and one older than that diff's `pu` is stale:
 * it can never be joined and is asked for again.
 * @see https://developers.binance.com/docs/derivatives/usds-margined-futures/websocket-market-streams/How-to-manage-a-local-order-book-correctly
 */
export function createDepthSync({ symbol, rest, everyMs, log, onSnapshot }: DepthSyncOptions): DepthSync {
  const backoff = createBackoff({ firstMs: 200, maxMs: 10_000 });
  let isNeeded = false;
  let threshold: number | undefined;
  let lastSequence = 0;
  let lastSnapshot = { id: -1, behindSequence: -1 };
  let isAsking = false;
  let isStopped = false;
  let snapshots = 0;
  let staleSnapshots = 0;
  let timer: NodeJS.Timeout | undefined;

  function schedule(delayMs: number): void {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void ask(), delayMs);
  }

  /** The next refresh; jittered, so that the instruments' snapshots spread over the minute. */
  const scheduleRefresh = () => schedule(everyMs * (0.9 + 0.2 * Math.random()));

  async function ask(): Promise<void> {
    if (isAsking || isStopped) return;
    const isRefresh = !isNeeded;
    if (!isRefresh && threshold === undefined) return;
    isAsking = true;
    const reachesAtRefresh = lastSequence;
    let delayMs: number | undefined;
    try {
      const text = await rest.get(DEPTH_PATH, { symbol, limit: DEPTH_LEVELS }, DEPTH_WEIGHT);
      // A gap may have come up while the answer was under way: then it must reach that one's threshold.
      const reaches = isNeeded ? (threshold ?? Number.POSITIVE_INFINITY) : reachesAtRefresh;
      if (!isStopped) delayMs = accept(text, reaches);
    } catch (error) {
      delayMs = Math.max(waitAfter(error), backoff.next());
      log('warn', `depth snapshot ${symbol}: ${error instanceof Error ? error.message : error}`);
    } finally {
      isAsking = false;
    }
    const isGivenUp = isRefresh && !isNeeded && backoff.attempts() >= REFRESH_ATTEMPTS_MAX;
    if (isGivenUp) backoff.reset();
    if (delayMs === undefined || isGivenUp) scheduleRefresh();
    else schedule(delayMs);
  }

  /** Gives back the wait before another attempt, or undefined where the snapshot was good. */
  function accept(text: string, reaches: number): number | undefined {
    const range = memberRange(text, 'lastUpdateId');
    const lastUpdateId = range === undefined ? Number.NaN : integerAt(text, range.start, range.end);
    if (Number.isNaN(lastUpdateId)) {
      log('warn', `depth snapshot ${symbol}: expected lastUpdateId to be an integer below 2^53`, {
        found: text.slice(0, 80),
      });
      return backoff.next();
    }
    if (lastUpdateId < reaches) {
      staleSnapshots++;
      return backoff.next();
    }
    backoff.reset();
    snapshots++;
    isNeeded = false;
    threshold = undefined;
    lastSnapshot = { id: lastUpdateId, behindSequence: lastSequence };
    onSnapshot(text);
    return undefined;
  }

  return {
    sawDiff(sequence, predecessor) {
      lastSequence = sequence;
      if (!isNeeded || threshold !== undefined) return;
      threshold = predecessor;
      schedule(0);
    },
    need(from) {
      // The log tells of a gap after it took the batch: a snapshot may be in it already, behind the gap and new enough.
      const isMended = from !== undefined && lastSnapshot.id >= from && lastSnapshot.behindSequence > from;
      if (isMended) return;
      isNeeded = true;
      threshold = from;
      if (from !== undefined) schedule(0);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
    state: () => ({ isSynchronising: isNeeded, snapshots, staleSnapshots }),
  };
}
