/**
 * Ticks of the window in which quantities are held in an array, by price: ± 3,276 USDT at BTCUSDT's tick of 0.10.
 * Prices outside it are few and rarely change; they are held in a map.
 */
const WINDOW_TICKS = 1 << 16;
/** The window moves when the best price comes nearer to its edge than this. */
const MARGIN_TICKS = WINDOW_TICKS >> 3;

/** No level on this side. */
export const NO_TICK = Number.NaN;

/** One side of a book: quantity by price tick. Plain data; changed in place by the functions below. */
export interface Ladder {
  readonly side: 'bid' | 'ask';
  /** Tick of the window's first slot. */
  base: number;
  /** Quantity in steps by slot; 0: no level. */
  readonly window: Float64Array;
  /**
   * A bit for each slot that may have a level: set by each change, cleared by a search that finds the slot empty. So
   * the frequent operation, a change, needs no branch, and a search looks at each empty slot once.
   */
  readonly touched: Int32Array;
  /** Levels outside the window: tick → steps. All are worse than any inside it. */
  readonly far: Map<number, number>;
  /** Slot of the best level; −1: the window has none. */
  bestSlot: number;
}

export function createLadder(side: 'bid' | 'ask'): Ladder {
  return {
    side,
    base: 0,
    window: new Float64Array(WINDOW_TICKS),
    touched: new Int32Array(WINDOW_TICKS >> 5),
    far: new Map(),
    bestSlot: -1,
  };
}

/** Best price in ticks, or NaN. */
export function bestTick(ladder: Ladder): number {
  return ladder.bestSlot < 0 ? NO_TICK : ladder.base + ladder.bestSlot;
}

/** Quantity at the best price in steps, or 0. */
export function bestSteps(ladder: Ladder): number {
  return ladder.bestSlot < 0 ? 0 : ladder.window[ladder.bestSlot]!;
}

/** Quantity at a price in steps; 0: no level there. */
export function stepsAt(ladder: Ladder, tick: number): number {
  const slot = tick - ladder.base;
  return slot >= 0 && slot < WINDOW_TICKS ? ladder.window[slot]! : (ladder.far.get(tick) ?? 0);
}

export function clearLadder(ladder: Ladder): void {
  const { window, touched } = ladder;
  for (let word = 0; word < touched.length; word++) {
    if (touched[word] === 0) continue;
    touched[word] = 0;
    for (let slot = word << 5; slot < (word + 1) << 5; slot++) window[slot] = 0;
  }
  ladder.far.clear();
  ladder.bestSlot = -1;
}

/**
 * Sets absolute quantities; 0 removes a level, and removing one that is not there is normal.
 * @param ticks prices, from index `tickAt` on
 * @param steps quantities, from index `stepAt` on; may be the same array
 */
export function setLevels(
  ladder: Ladder,
  ticks: Float64Array,
  tickAt: number,
  steps: Float64Array,
  stepAt: number,
  count: number,
): void {
  const { window, touched, base, side } = ladder;
  const isBid = side === 'bid';
  let best = ladder.bestSlot;
  let isOutside = false;
  for (let i = 0; i < count; i++) {
    const offset = ticks[tickAt + i]! - base;
    const qty = steps[stepAt + i]!;
    if (offset >= 0 && offset < WINDOW_TICKS) {
      const slot = offset | 0;
      window[slot] = qty;
      touched[slot >> 5]! |= 1 << (slot & 31);
      if ((isBid ? slot > best : slot < best || best < 0) && qty !== 0) best = slot;
    } else if (setFarLevel(ladder, offset, qty)) isOutside = true;
  }
  // `best` is at or beyond the best level; the level there may have gone.
  if (best >= 0 && window[best] === 0) best = isBid ? levelAtOrBelow(ladder, best) : levelAtOrAbove(ladder, best);
  ladder.bestSlot = best;
  const isNearEdge = best < MARGIN_TICKS || best >= WINDOW_TICKS - MARGIN_TICKS;
  if (isOutside || (best < 0 ? ladder.far.size > 0 : isNearEdge)) recentre(ladder);
}

/** @returns whether the level is better than any inside the window, which must then move */
function setFarLevel(ladder: Ladder, slot: number, qty: number): boolean {
  const tick = ladder.base + slot;
  if (qty === 0) {
    ladder.far.delete(tick);
    return false;
  }
  ladder.far.set(tick, qty);
  return (ladder.side === 'bid') === slot >= WINDOW_TICKS;
}

/** Highest slot ≤ `slot` with a level, or −1. */
function levelAtOrBelow({ window, touched }: Ladder, slot: number): number {
  let mask = -1 >>> (31 - (slot & 31));
  for (let word = slot >> 5; word >= 0; word--, mask = -1) {
    for (let bits = touched[word]! & mask; bits !== 0; ) {
      const bit = 31 - Math.clz32(bits);
      if (window[(word << 5) + bit] !== 0) return (word << 5) + bit;
      bits &= ~(1 << bit);
      touched[word]! &= ~(1 << bit);
    }
  }
  return -1;
}

/** Lowest slot ≥ `slot` with a level, or −1. */
function levelAtOrAbove({ window, touched }: Ladder, slot: number): number {
  let mask = -1 << (slot & 31);
  for (let word = slot >> 5; word < touched.length; word++, mask = -1) {
    for (let bits = touched[word]! & mask; bits !== 0; ) {
      const bit = lowestBit(bits);
      if (window[(word << 5) + bit] !== 0) return (word << 5) + bit;
      bits &= ~(1 << bit);
      touched[word]! &= ~(1 << bit);
    }
  }
  return -1;
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}

/** Moves the window so that the best price lies in its middle. */
function recentre(ladder: Ladder): void {
  const ticks: number[] = [];
  const steps: number[] = [];
  for (let slot = levelAtOrAbove(ladder, 0); slot >= 0; slot = levelAtOrAbove(ladder, slot + 1)) {
    ticks.push(ladder.base + slot);
    steps.push(ladder.window[slot]!);
  }
  for (const [tick, qty] of ladder.far) {
    ticks.push(tick);
    steps.push(qty);
  }
  clearLadder(ladder);
  // A level far off may have been set and removed in one go.
  if (ticks.length === 0) return;
  let best = ticks[0]!;
  for (const tick of ticks) if (ladder.side === 'bid' ? tick > best : tick < best) best = tick;
  ladder.base = best - (WINDOW_TICKS >> 1);
  setLevels(ladder, Float64Array.from(ticks), 0, Float64Array.from(steps), 0, ticks.length);
}

/** Number of levels. */
export function ladderSize(ladder: Ladder): number {
  let size = ladder.far.size;
  for (let slot = levelAtOrAbove(ladder, 0); slot >= 0; slot = levelAtOrAbove(ladder, slot + 1)) size++;
  return size;
}

/**
 * Copies the best levels, best first.
 * @param count at most so many
 * @returns how many were written to `ticks` and `steps`
 */
export function bestLevels(ladder: Ladder, count: number, ticks: Float64Array, steps: Float64Array): number {
  const isBid = ladder.side === 'bid';
  let written = 0;
  let slot = ladder.bestSlot;
  while (slot >= 0 && written < count) {
    ticks[written] = ladder.base + slot;
    steps[written++] = ladder.window[slot]!;
    slot = isBid ? levelAtOrBelow(ladder, slot - 1) : levelAtOrAbove(ladder, slot + 1);
  }
  if (written < count && ladder.far.size > 0) {
    const far = [...ladder.far].sort(isBid ? (a, b) => b[0] - a[0] : (a, b) => a[0] - b[0]);
    for (const [tick, qty] of far) {
      if (written === count) break;
      ticks[written] = tick;
      steps[written++] = qty;
    }
  }
  return written;
}
