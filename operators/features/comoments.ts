/** Second moments of pairs of numbers about their means: sums, not means, over all pairs. */
export interface Comoments {
  readonly meanX: number;
  readonly meanY: number;
  readonly squaresX: number;
  readonly squaresY: number;
  readonly products: number;
}

/**
 * Of the pairs (x at `fromX + n`, y at `fromY + n`), by two passes: what rounding takes does not grow with the means.
 * @param pairs at least one
 */
export function comoments(x: Float64Array, fromX: number, y: Float64Array, fromY: number, pairs: number): Comoments {
  let [sumX, sumY] = [0, 0];
  for (let n = 0; n < pairs; n++) {
    sumX += x[fromX + n]!;
    sumY += y[fromY + n]!;
  }
  const [meanX, meanY] = [sumX / pairs, sumY / pairs];
  let [squaresX, squaresY, products] = [0, 0, 0];
  for (let n = 0; n < pairs; n++) {
    const [dx, dy] = [x[fromX + n]! - meanX, y[fromY + n]! - meanY];
    squaresX += dx * dx;
    squaresY += dy * dy;
    products += dx * dy;
  }
  return { meanX, meanY, squaresX, squaresY, products };
}

/** Pearson's correlation, from −1 to 1; undefined where one of the two does not move. */
export function correlationOf({ squaresX, squaresY, products }: Comoments): number | undefined {
  const scale = Math.sqrt(squaresX) * Math.sqrt(squaresY);
  return scale > 0 ? Math.max(-1, Math.min(1, products / scale)) : undefined;
}
