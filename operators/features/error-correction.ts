import { factorise, solveFactorised } from './linear-system.ts';

/** How two prices of one thing find back to each other, and what moves them. */
export interface ErrorCorrection {
  /** By how much each moves for what the first was above the second. */
  readonly alpha1: number;
  readonly alpha2: number;
  /** Covariance of what moves them besides. */
  readonly omega11: number;
  readonly omega12: number;
  readonly omega22: number;
}

/** Sums over the last pairs of two whole prices. Whole too, and so exact, for changes that are not vast. Plain data. */
export interface ErrorCorrectionSums {
  readonly lags: number;
  /** The last prices, newest first: as many as a row needs. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** How many of them there are. */
  known: number;
  /** Of each pair, what explains its changes and the two changes, used in a circle. */
  readonly rows: Float64Array;
  next: number;
  count: number;
  readonly sums: Float64Array;
  readonly products: Float64Array;
}

/** Of a variable that the others explain up to this part, no effect of its own can be told. */
const LEAST_OWN_PART = 1e-10;

export function createErrorCorrectionSums(samples: number, lags: number): ErrorCorrectionSums {
  const columns = columnsOf(lags);
  return {
    lags,
    first: new Float64Array(lags + 2),
    second: new Float64Array(lags + 2),
    known: 0,
    rows: new Float64Array(samples * columns),
    next: 0,
    count: 0,
    sums: new Float64Array(columns),
    products: new Float64Array(columns * columns),
  };
}

/** The difference of the prices, their changes before, and the two changes themselves. */
function columnsOf(lags: number): number {
  return 1 + 2 * lags + 2;
}

export function pushPrices(state: ErrorCorrectionSums, newFirst: number, newSecond: number): void {
  const { first, second, rows, lags } = state;
  first.copyWithin(1, 0);
  second.copyWithin(1, 0);
  first[0] = newFirst;
  second[0] = newSecond;
  if (state.known < lags + 2) state.known++;
  if (state.known < lags + 2) return;
  const columns = columnsOf(lags);
  const at = state.next * columns;
  if (state.count * columns === rows.length) addRow(state, at, -1);
  else state.count++;
  rows[at] = first[1]! - second[1]!;
  for (let lag = 1; lag <= lags; lag++) {
    rows[at + 2 * lag - 1] = first[lag]! - first[lag + 1]!;
    rows[at + 2 * lag] = second[lag]! - second[lag + 1]!;
  }
  rows[at + columns - 2] = newFirst - first[1]!;
  rows[at + columns - 1] = newSecond - second[1]!;
  addRow(state, at, 1);
  state.next = at + columns === rows.length ? 0 : state.next + 1;
}

function addRow({ rows, sums, products }: ErrorCorrectionSums, at: number, times: 1 | -1): void {
  const columns = sums.length;
  for (let row = 0; row < columns; row++) {
    const value = times * rows[at + row]!;
    sums[row]! += value;
    for (let column = 0; column < columns; column++) products[row * columns + column]! += value * rows[at + column]!;
  }
}

/**
 * Fits Δp_t = c + α·(p₁ − p₂)_{t−1} + Σ Γ_k·Δp_{t−k} + e_t, k = 1…`lags`, to the last pairs, by least squares.
 * @returns undefined before as many are there as there is room for, or where the prices have not moved enough to tell
 * @see Engle & Granger (1987), "Co-Integration and Error Correction", Econometrica 55(2).
 */
export function fitErrorCorrection({ rows, count, sums, products }: ErrorCorrectionSums): ErrorCorrection | undefined {
  const columns = sums.length;
  if (count * columns < rows.length) return undefined;
  /** Σ (x_i − mean)(x_j − mean). */
  const aboveMeans = (i: number, j: number): number => products[i * columns + j]! - (sums[i]! * sums[j]!) / count;
  const width = columns - 2;
  const matrix = new Float64Array(width * width);
  const [effects1, effects2] = [new Float64Array(width), new Float64Array(width)];
  for (let row = 0; row < width; row++) {
    for (let column = 0; column < width; column++) matrix[row * width + column] = aboveMeans(row, column);
    effects1[row] = aboveMeans(row, width);
    effects2[row] = aboveMeans(row, width + 1);
  }
  factorise(matrix, width);
  for (let row = 0; row < width; row++)
    if (!(matrix[row * width + row]! > LEAST_OWN_PART * aboveMeans(row, row))) return undefined;
  solveFactorised(matrix, effects1);
  solveFactorised(matrix, effects2);
  // What is left of each product when the explained part is taken away.
  const left = (of: number, by: number, effects: Float64Array): number => {
    let rest = aboveMeans(of, by);
    for (let n = 0; n < width; n++) rest -= effects[n]! * aboveMeans(n, by);
    return rest / count;
  };
  return {
    alpha1: effects1[0]!,
    alpha2: effects2[0]!,
    omega11: left(width, width, effects1),
    omega12: left(width, width + 1, effects1),
    omega22: left(width + 1, width + 1, effects2),
  };
}
