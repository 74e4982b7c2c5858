/** Weights of which one is drawn in proportion, in steps that rise with the logarithm of their number. */
export interface SumTree {
  readonly total: () => number;
  readonly get: (place: number) => number;
  readonly set: (place: number, weight: number) => void;
  /** The place where the running sum of weights passes `sum`, which is at least 0 and below the total. */
  readonly find: (sum: number) => number;
  /** The weights, as `sumTree` takes them. */
  readonly weights: () => Float64Array;
}

/** @param from the first weights; the others are 0 */
export function sumTree(capacity: number, from?: Float64Array): SumTree {
  const leaves = 2 ** Math.ceil(Math.log2(Math.max(capacity, 2)));
  // Node n has children 2n and 2n + 1; a sum is always made of its children, so that the leaves alone say all of it.
  const sums = new Float64Array(2 * leaves);
  if (from !== undefined) {
    sums.set(from, leaves);
    for (let n = leaves - 1; n > 0; n--) sums[n] = sums[2 * n]! + sums[2 * n + 1]!;
  }
  return {
    total: () => sums[1]!,
    get: (place) => sums[leaves + place]!,
    set: (place, weight) => {
      let n = leaves + place;
      sums[n] = weight;
      for (n >>= 1; n > 0; n >>= 1) sums[n] = sums[2 * n]! + sums[2 * n + 1]!;
    },
    find: (sum) => {
      let left = sum;
      let n = 1;
      while (n < leaves) {
        n *= 2;
        // Rounding may leave a little beyond the last weight: never go where there is none.
        if (left >= sums[n]! && sums[n + 1]! > 0) {
          left -= sums[n]!;
          n++;
        }
      }
      return n - leaves;
    },
    weights: () => sums.slice(leaves, leaves + capacity),
  };
}
