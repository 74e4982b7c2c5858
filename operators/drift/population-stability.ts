/** Classes of equal probability. */
const CLASSES = 10;
/** So that a class that nothing fell into has a logarithm, as is usual. */
const LEAST_SHARE = 1e-4;

/**
 * Population stability index: Σ (found − expected) · ln(found ÷ expected) over ten classes, into each of which a tenth of the
 * usual values falls. 0: alike; by convention above 0.1 changed a little, above 0.25 changed. Values of which many are the
 * same make classes of other sizes, which is reckoned with.
 * @param quantiles of the usual values in equal steps, from the least to the greatest, a multiple of ten and one of them
 * @see Siddiqi (2006), Credit Risk Scorecards; Yurdakul (2018) on how it is distributed
 */
export function populationStability(quantiles: ArrayLike<number>, values: ArrayLike<number>): number {
  const step = (quantiles.length - 1) / CLASSES;
  // Edges that are the same would make classes of nothing.
  const edges = [...new Set(Array.from({ length: CLASSES - 1 }, (_, n) => quantiles[(n + 1) * step]!))];
  const expected = sharesOf(edges, quantiles);
  const found = sharesOf(edges, values);
  let index = 0;
  for (const [n, share] of found.entries()) {
    const [is, was] = [Math.max(share, LEAST_SHARE), Math.max(expected[n]!, LEAST_SHARE)];
    index += (is - was) * Math.log(is / was);
  }
  return index;
}

/** Shares of the values up to the first edge, from there up to the second, and so on. */
function sharesOf(edges: readonly number[], values: ArrayLike<number>): Float64Array {
  const shares = new Float64Array(edges.length + 1);
  for (let n = 0; n < values.length; n++) {
    let at = 0;
    while (at < edges.length && values[n]! > edges[at]!) at++;
    shares[at]! += 1 / values.length;
  }
  return shares;
}
