import { realNumber } from '../features/definition.ts';
import { defineReward } from './reward.ts';

/** Of an equity that is 0 or below: ln of this part of the one before, since the logarithm itself has no bound. */
const LEAST_RATIO = 1e-6;

/**
 * Growth of the equity, ratio: scale × ln(Eₜ ÷ Eₜ₋₁). Its sum is the growth of the whole episode, and its mean what Kelly
 * makes greatest. A ruin counts as ln(10⁻⁶), once.
 * @see Kelly (1956), "A New Interpretation of Information Rate", Bell System Technical Journal 35.
 */
export const LOG_RETURN = defineReward({
  name: 'log-return',
  title: 'Log return',
  parameters: {
    scale: realNumber('', { default: 1, says: 'what a growth by the factor e counts', least: 1e-12, most: 1e12 }),
  },
  unit: 'ratio',
  formula: 'scale × ln(Eₜ ÷ Eₜ₋₁)',
  source: 'Kelly (1956), A New Interpretation of Information Rate, Bell System Technical Journal 35',
  create({ scale }) {
    const state = { equity: 0 };
    return {
      reset(equity) {
        state.equity = equity;
      },
      next(equity) {
        const before = state.equity;
        state.equity = equity;
        if (!(before > 0)) return 0;
        return scale * Math.log(Math.max(equity / before, LEAST_RATIO));
      },
    };
  },
});
