import { bestTick, type Ladder, stepsAt } from '../../operators/book/ladder.ts';
import { createOrderBook, evolveOrderBook, type OrderBook } from '../../operators/book/order-book.ts';
import { openTapeReader } from '../../streams/tape/read-tape.ts';
import { DEPTH_SNAPSHOT, DEPTH_UPDATE, type Tape } from '../../streams/tape/tape.ts';

/** As many diffs before a snapshot as a book carries it on with stay whole. */
const DIFFS_KEPT = 512;

/** One side's levels that were not told: what they are now is looked up when they come within reach. */
interface Withheld {
  readonly isBid: boolean;
  /** The worst price that is told of at once; NaN: none has been found. */
  edge: number;
  readonly ticks: Set<number>;
}

/** Rows of the tape that is made. */
interface Rows {
  ticks: Float64Array<ArrayBuffer>;
  steps: Float64Array<ArrayBuffer>;
  count: number;
}

/**
 * The same tapes, but a level that is farther from the best price of its side than `reachTicks` is told only when it comes
 * within reach. Up to there the book is the same after each event, and valid or not alike; beyond, levels may be old. Most of
 * what a venue tells is far from where anything trades, and a run that never looks or trades there takes half the time.
 * @param reachTicks above 0
 */
export function tapesWithinReach(tapes: readonly Tape[], reachTicks: number): Tape[] {
  if (!(reachTicks > 0)) throw new RangeError(`reachTicks: expected a number above 0, found ${reachTicks}`);
  const whole = wholeDiffs(tapes);
  const book = createOrderBook();
  const bids: Withheld = { isBid: true, edge: Number.NaN, ticks: new Set() };
  const asks: Withheld = { isBid: false, edge: Number.NaN, ticks: new Set() };
  return tapes.map((tape, n) => shortened(tape, whole[n]!, { book, bids, asks, reachTicks }));
}

interface Reach {
  readonly book: OrderBook;
  readonly bids: Withheld;
  readonly asks: Withheld;
  readonly reachTicks: number;
}

function shortened(tape: Tape, isWhole: Uint8Array, { book, bids, asks, reachTicks }: Reach): Tape {
  const { events, kinds, ticks, steps } = tape;
  const reader = openTapeReader(tape);
  const rowStarts = new Uint32Array(events);
  const bidCounts = tape.bidCounts.slice();
  const rows: Rows = { ticks: new Float64Array(tape.rows), steps: new Float64Array(tape.rows), count: 0 };
  for (let n = 0; n < events; n++) {
    const start = tape.rowStarts[n]!;
    const end = n + 1 < events ? tape.rowStarts[n + 1]! : tape.rows;
    rowStarts[n] = rows.count;
    const change = evolveOrderBook(book, reader.at(n));
    if (change === 'rebuilt') forget(bids, asks);
    if (kinds[n] === DEPTH_UPDATE && change === 'diff' && isWhole[n] === 0) {
      const middle = start + tape.bidCounts[n]!;
      tellNear(rows, bids, book.bids, reachTicks, ticks, steps, start, middle);
      bidCounts[n] = rows.count - rowStarts[n]!;
      tellNear(rows, asks, book.asks, reachTicks, ticks, steps, middle, end);
    } else for (let row = start; row < end; row++) add(rows, ticks[row]!, steps[row]!);
  }
  const { count } = rows;
  return {
    ...tape,
    rows: count,
    rowStarts,
    bidCounts,
    ticks: rows.ticks.slice(0, count),
    steps: rows.steps.slice(0, count),
  };
}

/** Of a diff that the ladder has taken in, what is within reach, and what has come to be. */
function tellNear(
  rows: Rows,
  withheld: Withheld,
  ladder: Ladder,
  reachTicks: number,
  ticks: Float64Array,
  steps: Float64Array,
  start: number,
  end: number,
): void {
  const { isBid } = withheld;
  moveEdge(rows, withheld, ladder, reachTicks);
  const { edge } = withheld;
  for (let row = start; row < end; row++) {
    const tick = ticks[row]!;
    if (isBid ? tick >= edge : tick <= edge) add(rows, tick, steps[row]!);
    else withheld.ticks.add(tick);
  }
}

/** Keeps the edge from once to one and a half times the reach away, so that few levels come and go. */
function moveEdge(rows: Rows, withheld: Withheld, ladder: Ladder, reachTicks: number): void {
  const { isBid, edge } = withheld;
  const best = bestTick(ladder);
  const outward = isBid ? -1 : 1;
  const away = outward * (edge - best);
  if (away >= reachTicks && away <= 1.5 * reachTicks) return;
  // Without a level nothing is far.
  const next = Number.isNaN(best) ? outward * Number.POSITIVE_INFINITY : best + outward * 1.25 * reachTicks;
  for (const tick of withheld.ticks) {
    if (isBid ? tick < next : tick > next) continue;
    withheld.ticks.delete(tick);
    add(rows, tick, stepsAt(ladder, tick));
  }
  withheld.edge = next;
}

/** The book was made anew of what was told whole. */
function forget(...sides: readonly Withheld[]): void {
  for (const side of sides) {
    side.ticks.clear();
    side.edge = Number.NaN;
  }
}

function add(rows: Rows, tick: number, qtySteps: number): void {
  if (rows.count === rows.ticks.length) {
    rows.ticks = longer(rows.ticks);
    rows.steps = longer(rows.steps);
  }
  rows.ticks[rows.count] = tick;
  rows.steps[rows.count++] = qtySteps;
}

function longer(column: Float64Array): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(2 * column.length + 16);
  copy.set(column);
  return copy;
}

/** By tape and event: 1 for a diff that a snapshot may be carried on with. */
function wholeDiffs(tapes: readonly Tape[]): Uint8Array[] {
  let left = 0;
  const whole = tapes.map(({ events }) => new Uint8Array(events));
  for (let part = tapes.length - 1; part >= 0; part--) {
    const { events, kinds } = tapes[part]!;
    for (let n = events - 1; n >= 0; n--) {
      if (kinds[n] === DEPTH_SNAPSHOT) left = DIFFS_KEPT;
      else if (kinds[n] === DEPTH_UPDATE && left > 0) {
        left--;
        whole[part]![n] = 1;
      }
    }
  }
  return whole;
}
