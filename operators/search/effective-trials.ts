import { meanOf } from '../performance/moments.ts';

/**
 * How many independent trials so many trials are worth: ρ̄ + (1 − ρ̄) M, with ρ̄ the mean correlation of their returns,
 * which is taken as 0 where it is below, and M their number. A trial whose returns are all the same correlates with none.
 * @param returns one list a trial, all of the same periods
 * @see Bailey & López de Prado (2014), "The Deflated Sharpe Ratio", J. Portfolio Management 40(5), appendix A.3.
 */
export function effectiveTrials(returns: readonly ArrayLike<number>[]): number {
  const count = returns.length;
  if (count < 2) return count;
  const standard = returns.map(standardised);
  // Σ over pairs of ⟨a, b⟩ = (‖Σ a‖² − Σ ‖a‖²) / 2, without going through the pairs.
  const sum = new Float64Array(standard[0]!.length);
  let own = 0;
  for (const list of standard)
    for (let n = 0; n < sum.length; n++) {
      sum[n]! += list[n]!;
      own += list[n]! ** 2;
    }
  const whole = sum.reduce((total, value) => total + value * value, 0);
  const mean = Math.min(1, Math.max(0, (whole - own) / (count * (count - 1))));
  return mean + (1 - mean) * count;
}

/** Less its mean, of length 1; zeros where all are the same. */
function standardised(list: ArrayLike<number>): Float64Array {
  const mean = list.length === 0 ? 0 : meanOf(list);
  const offs = Float64Array.from(list, (value) => value - mean);
  const length = Math.sqrt(offs.reduce((total, value) => total + value * value, 0));
  return offs.map((value) => (length > 0 ? value / length : 0));
}
