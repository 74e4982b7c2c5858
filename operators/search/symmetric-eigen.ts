/** Eigenvalues of a symmetric matrix, and their vectors as columns: A = V diag(λ) Vᵀ. */
export interface SymmetricEigen {
  readonly values: readonly number[];
  /** `vectors[row][column]`; a column is a unit vector. */
  readonly vectors: readonly (readonly number[])[];
}

const SWEEPS_MAX = 50;

/**
 * By Jacobi's rotations, exact to rounding for the few dimensions of a search.
 * @param matrix number[n][n], symmetric; it is not changed
 * @see Golub & Van Loan (2013), "Matrix Computations", 4th edition, section 8.5.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): SymmetricEigen {
  const size = matrix.length;
  const a = matrix.map((row) => [...row]);
  const vectors = a.map((_, row) => a.map((__, column) => (row === column ? 1 : 0)));
  const scale = Math.max(...a.flat().map(Math.abs));
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off = Math.max(off, Math.abs(a[p]![q]!));
    if (off <= Number.EPSILON * scale) break;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
  }
  return { values: a.map((row, n) => row[n]!), vectors };
}

/** Brings a[p][q] to 0. */
function rotate(a: number[][], vectors: number[][], p: number, q: number): void {
  const [off, first, second] = [a[p]![q]!, a[p]![p]!, a[q]![q]!];
  if (off === 0) return;
  const theta = (second - first) / (2 * off);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of a) {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
  const [upper, lower] = [a[p]!, a[q]!];
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [upper[k]!, lower[k]!];
    upper[k] = c * x - s * y;
    lower[k] = s * x + c * y;
  }
  for (const row of vectors) {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
}
