import type { DepthUpdate } from '../../streams/events/depth-update.ts';

/** Diffs kept at most. A snapshot that is older than all of them is of no use. */
const DIFFS_MAX = 512;
/** Numbers kept at most: two a level, some 70 levels a diff. */
const KEPT_MAX = 1 << 15;
/** Twice as much room, so that what is kept never depends on where it lies: a loaded copy behaves as the original. */
const ROOM = 2 * KEPT_MAX;
/** Header of a diff: previous final update id, final update id, number of bids, number of asks. */
const HEADER = 4;

/**
 * The last depth diffs without a break between them, copied: what a snapshot that arrives later than the diffs after it
 * is carried on with. Plain data.
 */
export interface RecentDiffs {
  /** Diff after diff: header, bid ticks, bid steps, ask ticks, ask steps. Used in a circle. */
  readonly values: Float64Array;
  /** Position of each diff in `values`, used in a circle. */
  readonly positions: Int32Array;
  /** Index of the oldest diff in `positions`. */
  oldest: number;
  count: number;
  /** Where the next diff goes in `values`. */
  next: number;
  /** Numbers in `values` that belong to kept diffs. */
  kept: number;
}

export function createRecentDiffs(): RecentDiffs {
  return {
    values: new Float64Array(ROOM),
    positions: new Int32Array(DIFFS_MAX),
    oldest: 0,
    count: 0,
    next: 0,
    kept: 0,
  };
}

export function clearDiffs(diffs: RecentDiffs): void {
  diffs.oldest = 0;
  diffs.count = 0;
  diffs.next = 0;
  diffs.kept = 0;
}

export function pushDiff(diffs: RecentDiffs, diff: DepthUpdate): void {
  const bids = diff.bids.count;
  const asks = diff.asks.count;
  const length = HEADER + 2 * (bids + asks);
  if (length > KEPT_MAX) {
    clearDiffs(diffs);
    return;
  }
  while (diffs.count === DIFFS_MAX || diffs.kept + length > KEPT_MAX) dropOldest(diffs);
  const next = diffs.next + length > ROOM ? 0 : diffs.next;
  const { values } = diffs;
  values[next] = diff.previousFinalUpdateId;
  values[next + 1] = diff.finalUpdateId;
  values[next + 2] = bids;
  values[next + 3] = asks;
  let at = next + HEADER;
  at = copy(values, at, diff.bids.ticks, diff.bids.start, bids);
  at = copy(values, at, diff.bids.steps, diff.bids.start, bids);
  at = copy(values, at, diff.asks.ticks, diff.asks.start, asks);
  copy(values, at, diff.asks.steps, diff.asks.start, asks);
  diffs.positions[(diffs.oldest + diffs.count) % DIFFS_MAX] = next;
  diffs.count++;
  diffs.next = next + length;
  diffs.kept += length;
}

function copy(values: Float64Array, at: number, source: Float64Array, start: number, count: number): number {
  for (let i = 0; i < count; i++) values[at + i] = source[start + i]!;
  return at + count;
}

function dropOldest(diffs: RecentDiffs): void {
  const { bids, asks } = recentDiff(diffs, 0);
  diffs.kept -= HEADER + 2 * (bids + asks);
  diffs.oldest = (diffs.oldest + 1) % DIFFS_MAX;
  diffs.count--;
}

/** A diff among the recent ones. Lent like a decoded one. */
export interface RecentDiff {
  readonly previousFinalUpdateId: number;
  readonly finalUpdateId: number;
  readonly values: Float64Array;
  /** Positions in `values` where bid ticks, bid steps, ask ticks and ask steps begin. */
  readonly bidTicks: number;
  readonly bidSteps: number;
  readonly askTicks: number;
  readonly askSteps: number;
  readonly bids: number;
  readonly asks: number;
}

/** @param index 0: the oldest */
export function recentDiff(diffs: RecentDiffs, index: number): RecentDiff {
  const { values } = diffs;
  const at = diffs.positions[(diffs.oldest + index) % DIFFS_MAX]!;
  const bids = values[at + 2]!;
  const asks = values[at + 3]!;
  const bidTicks = at + HEADER;
  return {
    previousFinalUpdateId: values[at]!,
    finalUpdateId: values[at + 1]!,
    values,
    bids,
    asks,
    bidTicks,
    bidSteps: bidTicks + bids,
    askTicks: bidTicks + 2 * bids,
    askSteps: bidTicks + 2 * bids + asks,
  };
}
