import { realNumber } from '../features/definition.ts';
import { defineReward } from './reward.ts';

/** Below this part of the mean square the variance is by rounding only, and nothing is said. */
const ROUNDING = 1e-12;

/**
 * How much a return moves the moving Sharpe ratio, ratio: the derivative of the ratio by the averages' rate η.
 *
 * Dₜ = (Bₜ₋₁ ΔAₜ − ½ Aₜ₋₁ ΔBₜ) ÷ (Bₜ₋₁ − Aₜ₋₁²)^(3/2), where Rₜ = Eₜ ÷ Eₜ₋₁ − 1, ΔAₜ = Rₜ − Aₜ₋₁, ΔBₜ = Rₜ² − Bₜ₋₁, and then
 * Aₜ = Aₜ₋₁ + η ΔAₜ, Bₜ = Bₜ₋₁ + η ΔBₜ. Averages begin at 0; it is 0 until two returns have differed, and is cut at ±`bound`,
 * since it has no bound while the variance is still small.
 * @see Moody & Saffell (2001), "Learning to Trade via Direct Reinforcement", IEEE Transactions on Neural Networks 12(4).
 */
export const DIFFERENTIAL_SHARPE = defineReward({
  name: 'differential-sharpe',
  title: 'Differential Sharpe ratio',
  parameters: {
    rate: realNumber('', { default: 0.01, says: 'η, the part of a return in the averages', least: 1e-6, most: 1 }),
    bound: realNumber('', { default: 10, says: 'greatest size of a reward', least: 1e-3, most: 1e6 }),
  },
  unit: 'ratio',
  formula: '(B ΔA − ½ A ΔB) ÷ (B − A²)^(3/2)',
  source: 'Moody & Saffell (2001), Learning to Trade via Direct Reinforcement, IEEE TNN 12(4)',
  create({ rate, bound }) {
    const state = { equity: 0, mean: 0, square: 0 };
    return {
      reset(equity) {
        state.equity = equity;
        state.mean = 0;
        state.square = 0;
      },
      next(equity) {
        const before = state.equity;
        state.equity = equity;
        if (!(before > 0)) return 0;
        const change = equity / before - 1;
        const { mean, square } = state;
        const meanChange = change - mean;
        const squareChange = change * change - square;
        state.mean = mean + rate * meanChange;
        state.square = square + rate * squareChange;
        const variance = square - mean * mean;
        if (variance <= ROUNDING * square) return 0;
        const moved = (square * meanChange - 0.5 * mean * squareChange) / (variance * Math.sqrt(variance));
        return Math.max(-bound, Math.min(bound, moved));
      },
    };
  },
});
