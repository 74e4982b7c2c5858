import { createRecentValues, pushRecentValue, type RecentValues } from './recent-values.ts';

/**
 * The last `size` finite numbers in their order, for ranks, quantiles and sums of distances in O(log size). Plain data.
 *
 * A treap with one node for each number, however often it is in the window. A node's priority is a hash of its number: the
 * shape of the tree, and with it how sums are rounded, depends on what is in the window and not on how it came there.
 * @see Seidel & Aragon (1996), "Randomized Search Trees", Algorithmica 16.
 */
export interface OrderedWindow {
  readonly recent: RecentValues;
  /** By node, as all below; node 0 stands for none. */
  readonly values: Float64Array;
  readonly priorities: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** How often the number is in the window. */
  readonly times: Int32Array;
  /** How many numbers the subtree has. */
  readonly counts: Int32Array;
  /** Sum of the subtree's numbers less the node's own each: small where the numbers are large, so that little is lost. */
  readonly distances: Float64Array;
  root: number;
  /** The first of the nodes that are not used, which are linked through `left`. */
  free: number;
}

export function createOrderedWindow(size: number): OrderedWindow {
  const nodes = size + 1;
  const left = Int32Array.from({ length: nodes }, (_, node) => (node === size ? 0 : node + 1));
  return {
    recent: createRecentValues(size),
    values: new Float64Array(nodes),
    priorities: new Int32Array(nodes),
    left,
    right: new Int32Array(nodes),
    times: new Int32Array(nodes),
    counts: new Int32Array(nodes),
    distances: new Float64Array(nodes),
    root: 0,
    free: 1,
  };
}

/** @returns the number that it takes the place of; 0 while there is room */
export function pushOrderedWindow(window: OrderedWindow, value: number): number {
  // −0 is 0 here: as two numbers they would be told apart by their priorities.
  const newest = value + 0;
  const isFull = window.recent.count === window.recent.values.length;
  const oldest = pushRecentValue(window.recent, newest);
  if (isFull && oldest === newest) return oldest;
  if (isFull) window.root = remove(window, window.root, oldest);
  window.root = insert(window, window.root, newest);
  return oldest;
}

/** How many numbers of the window are below this one. */
export function countBelow({ values, left, right, times, counts, root }: OrderedWindow, value: number): number {
  let below = 0;
  let node = root;
  while (node !== 0) {
    if (values[node]! < value) {
      below += counts[left[node]!]! + times[node]!;
      node = right[node]!;
    } else node = left[node]!;
  }
  return below;
}

/** How far the numbers below this one are from it, added up. */
export function distanceBelow(window: OrderedWindow, value: number): number {
  const { values, left, right, times, counts, distances } = window;
  let distance = 0;
  let node = window.root;
  while (node !== 0) {
    if (values[node]! < value) {
      const lower = left[node]!;
      distance +=
        (value - values[node]!) * times[node]! + ((value - values[lower]!) * counts[lower]! - distances[lower]!);
      node = right[node]!;
    } else node = left[node]!;
  }
  return distance;
}

/** @param rank from 0, the smallest, to one less than how many there are */
export function valueAtRank({ values, left, right, times, counts, root }: OrderedWindow, rank: number): number {
  let rest = rank;
  let node = root;
  for (;;) {
    const lower = counts[left[node]!]!;
    if (rest < lower) node = left[node]!;
    else if (rest < lower + times[node]!) return values[node]!;
    else {
      rest -= lower + times[node]!;
      node = right[node]!;
    }
  }
}

/** @returns the root of the subtree with this number */
function insert(window: OrderedWindow, node: number, value: number): number {
  if (node === 0) return createNode(window, value);
  const { values, left, right } = window;
  if (value === values[node]!) {
    window.times[node]!++;
    addUp(window, node);
    return node;
  }
  const isLower = value < values[node]!;
  const side = isLower ? left : right;
  const child = insert(window, side[node]!, value);
  side[node] = child;
  if (!isAbove(window, child, node)) {
    addUp(window, node);
    return node;
  }
  const other = isLower ? right : left;
  side[node] = other[child]!;
  other[child] = node;
  addUp(window, node);
  addUp(window, child);
  return child;
}

/** @returns the root of the subtree without one of this number, which it has */
function remove(window: OrderedWindow, node: number, value: number): number {
  const { values, left, right, times } = window;
  if (value < values[node]!) left[node] = remove(window, left[node]!, value);
  else if (value > values[node]!) right[node] = remove(window, right[node]!, value);
  else if (times[node]! > 1) times[node]!--;
  else {
    const rest = join(window, left[node]!, right[node]!);
    left[node] = window.free;
    window.free = node;
    return rest;
  }
  addUp(window, node);
  return node;
}

/** @returns the root of both, where all of `lower` is below all of `upper` */
function join(window: OrderedWindow, lower: number, upper: number): number {
  if (lower === 0) return upper;
  if (upper === 0) return lower;
  const top = isAbove(window, lower, upper) ? lower : upper;
  if (top === lower) window.right[lower] = join(window, window.right[lower]!, upper);
  else window.left[upper] = join(window, lower, window.left[upper]!);
  addUp(window, top);
  return top;
}

function isAbove({ priorities, values }: OrderedWindow, node: number, other: number): boolean {
  const difference = priorities[node]! - priorities[other]!;
  return difference > 0 || (difference === 0 && values[node]! > values[other]!);
}

function createNode(window: OrderedWindow, value: number): number {
  const node = window.free;
  window.free = window.left[node]!;
  window.values[node] = value;
  window.priorities[node] = hashOf(value);
  window.left[node] = 0;
  window.right[node] = 0;
  window.times[node] = 1;
  window.counts[node] = 1;
  window.distances[node] = 0;
  return node;
}

/** What a node says of its subtree, anew from its children, so that nothing adds up over time. */
function addUp({ values, left, right, times, counts, distances }: OrderedWindow, node: number): void {
  const lower = left[node]!;
  const upper = right[node]!;
  const value = values[node]!;
  counts[node] = counts[lower]! + times[node]! + counts[upper]!;
  distances[node] =
    distances[lower]! +
    (values[lower]! - value) * counts[lower]! +
    (distances[upper]! + (values[upper]! - value) * counts[upper]!);
}

const BITS = new DataView(new ArrayBuffer(8));

/** Both halves of the double mixed, so that neighbours are far apart: the last steps of MurmurHash3. */
function hashOf(value: number): number {
  BITS.setFloat64(0, value, true);
  let hash = Math.imul(BITS.getInt32(0, true), 0x9e37_79b1) ^ BITS.getInt32(4, true);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
