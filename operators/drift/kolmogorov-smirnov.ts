/**
 * Kolmogorov and Smirnov's statistic: the greatest distance between the share of the values, and of the usual ones, up to
 * any value. From 0, alike, to 1.
 * @param quantiles of the usual values in equal steps, from the least to the greatest
 * @see Massey (1951), "The Kolmogorov-Smirnov Test for Goodness of Fit", JASA 46
 */
export function kolmogorovSmirnov(quantiles: ArrayLike<number>, values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  let greatest = 0;
  for (let n = 0; n < count; ) {
    const value = sorted[n]!;
    let next = n + 1;
    while (next < count && sorted[next] === value) next++;
    // Just before the value, and at it.
    greatest = Math.max(
      greatest,
      Math.abs(shareBelow(quantiles, value, false) - n / count),
      Math.abs(shareBelow(quantiles, value, true) - next / count),
    );
    n = next;
  }
  return greatest;
}

/** Share of the usual values below a value, or up to it, between two quantiles in proportion. */
function shareBelow(quantiles: ArrayLike<number>, value: number, isUpTo: boolean): number {
  const last = quantiles.length - 1;
  let [low, high] = [0, last + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isUpTo ? quantiles[middle]! <= value : quantiles[middle]! < value) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low > last) return 1;
  const [below, above] = [quantiles[low - 1]!, quantiles[low]!];
  const part = above > below ? (value - below) / (above - below) : 0;
  return (low - 1 + part) / last;
}
