/**
 * Places of the points that no other point is better than: none is at least as good in every loss and better in one. In the
 * order of the points; a point with a loss that is not finite is on no front.
 * @param losses number[points][objectives], less is better
 */
export function paretoFront(losses: readonly (readonly number[])[]): number[] {
  const known = losses.flatMap((point, n) => (point.every(Number.isFinite) ? n : []));
  return known.filter((n) => !known.some((other) => isDominated(losses[n]!, losses[other]!)));
}

function isDominated(point: readonly number[], by: readonly number[]): boolean {
  return by.every((loss, k) => loss <= point[k]!) && by.some((loss, k) => loss < point[k]!);
}
