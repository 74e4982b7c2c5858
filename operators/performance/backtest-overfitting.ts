/** How well what was best in one part of the data did in the other. */
export interface BacktestOverfitting {
  /** Share of the splits in which the best of the one half was in the worse half of the other: 0 is well, 0.5 is chance. */
  readonly probability: number;
  /** Share of the splits in which the best of the one half lost in the other. */
  readonly lossProbability: number;
  /** ln(ω / (1 − ω)) of each split, ω its rank in the other half / (strategies + 1). */
  readonly logits: Float64Array;
  /** Slope of the Sharpe ratio in the other half by that of the one; below 0: what looked better did worse. */
  readonly degradation: number | null;
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation: time is cut into S equal blocks
 * (what is left over at the end is not used), and each half of them chooses the strategy with the best Sharpe ratio, which
 * is then ranked in the other half. Of N strategies the best of split c has there the rank r, 1 for the worst; with
 * ω = r / (N + 1) and the logit λ = ln(ω / (1 − ω)), PBO is the share of the C(S, S/2) splits with λ ≤ 0. `null` below two strategies or with fewer than two returns a block. A strategy whose
 * returns are all the same has the ratio 0; of equal ratios the rank is the mean.
 * @param returns one list a strategy, all of the same periods
 * @param blocks S, even; 16 gives 12,870 splits
 * @see Bailey, Borwein, López de Prado & Zhu (2017), "The Probability of Backtest Overfitting", J. Computational Finance 20(4).
 */
export function backtestOverfitting(returns: readonly ArrayLike<number>[], blocks = 16): BacktestOverfitting | null {
  if (blocks < 2 || blocks % 2 !== 0) throw new RangeError(`blocks: must be even and at least 2, was ${blocks}`);
  const size = Math.floor((returns[0]?.length ?? 0) / blocks);
  if (returns.length < 2 || size < 2) return null;
  const sums = returns.map((list) => blockSums(list, blocks, size));
  const splits = halves(blocks);
  const logits = new Float64Array(splits.length);
  const [inside, outside] = [new Float64Array(splits.length), new Float64Array(splits.length)];
  for (const [n, chosen] of splits.entries()) {
    const own = sums.map((blockSum) => sharpeOf(blockSum, chosen, blocks, size));
    const other = sums.map((blockSum) => sharpeOf(blockSum, ~chosen, blocks, size));
    const best = own.reduce((most, ratio, k) => (ratio > own[most]! ? k : most), 0);
    const share = rankOf(other, best) / (returns.length + 1);
    logits[n] = Math.log(share / (1 - share));
    inside[n] = own[best]!;
    outside[n] = other[best]!;
  }
  return {
    probability: logits.filter((logit) => logit <= 0).length / splits.length,
    lossProbability: outside.filter((ratio) => ratio < 0).length / splits.length,
    logits,
    degradation: slope(inside, outside),
  };
}

interface BlockSums {
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

function blockSums(list: ArrayLike<number>, blocks: number, size: number): BlockSums {
  const [sum, squares] = [new Float64Array(blocks), new Float64Array(blocks)];
  for (let n = 0; n < blocks * size; n++) {
    const block = Math.floor(n / size);
    sum[block]! += list[n]!;
    squares[block]! += list[n]! ** 2;
  }
  return { sum, squares };
}

/** Every choice of half of the blocks, as bits. */
function halves(blocks: number): number[] {
  const choices: number[] = [];
  for (let bits = 0; bits < 2 ** blocks; bits++) if (bitCount(bits) === blocks / 2) choices.push(bits);
  return choices;
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Sharpe ratio of one period over the blocks whose bit is set. */
function sharpeOf({ sum, squares }: BlockSums, chosen: number, blocks: number, size: number): number {
  let [total, square] = [0, 0];
  for (let block = 0; block < blocks; block++) {
    if ((chosen & (1 << block)) === 0) continue;
    total += sum[block]!;
    square += squares[block]!;
  }
  const count = (blocks / 2) * size;
  const mean = total / count;
  const variance = square / count - mean * mean;
  // What rounding leaves of returns that are all the same.
  return variance <= 1e-14 * (square / count) ? 0 : mean / Math.sqrt((variance * count) / (count - 1));
}

/** 1 for the worst. */
function rankOf(ratios: readonly number[], place: number): number {
  const own = ratios[place]!;
  const below = ratios.filter((ratio) => ratio < own).length;
  const equal = ratios.filter((ratio) => ratio === own).length;
  return below + (equal + 1) / 2;
}

function slope(x: Float64Array, y: Float64Array): number | null {
  const [meanX, meanY] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  let [both, own] = [0, 0];
  for (let n = 0; n < x.length; n++) {
    both += (x[n]! - meanX!) * (y[n]! - meanY!);
    own += (x[n]! - meanX!) ** 2;
  }
  return own > 0 ? both / own : null;
}
