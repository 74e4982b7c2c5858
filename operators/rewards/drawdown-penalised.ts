import { realNumber } from '../features/definition.ts';
import { defineReward } from './reward.ts';

/**
 * Return less what the fall below the highest equity grew by, ratio: rₜ − λ × max(0, dₜ − dₜ₋₁), with rₜ = (Eₜ − Eₜ₋₁) ÷ E₀
 * and dₜ = 1 − Eₜ ÷ max(E₀ … Eₜ). A fall is paid for when it deepens, and its recovery is not rewarded twice.
 * @see Chekhlov, Uryasev & Zabarankin (2005), "Drawdown Measure in Portfolio Optimization", IJTAF 8(1).
 */
export const DRAWDOWN_PENALISED = defineReward({
  name: 'drawdown-penalised',
  title: 'Return, penalised by drawdown',
  parameters: {
    weight: realNumber('', { default: 1, says: 'λ, what a deeper fall counts beside the return', least: 0, most: 1e6 }),
  },
  unit: 'ratio',
  formula: '(Eₜ − Eₜ₋₁) ÷ E₀ − weight × max(0, dₜ − dₜ₋₁), dₜ = 1 − Eₜ ÷ max(E₀ … Eₜ)',
  source: 'Chekhlov, Uryasev & Zabarankin (2005), Drawdown Measure in Portfolio Optimization, IJTAF 8(1)',
  create({ weight }) {
    const state = { first: 0, equity: 0, peak: 0, fall: 0 };
    return {
      reset(equity) {
        state.first = equity;
        state.equity = equity;
        state.peak = equity;
        state.fall = 0;
      },
      next(equity) {
        const change = (equity - state.equity) / state.first;
        if (equity > state.peak) state.peak = equity;
        const fall = 1 - equity / state.peak;
        const deeper = Math.max(0, fall - state.fall);
        state.equity = equity;
        state.fall = fall;
        return change - weight * deeper;
      },
    };
  },
});
