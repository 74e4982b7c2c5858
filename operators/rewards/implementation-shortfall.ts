import { realNumber } from '../features/definition.ts';
import { defineReward } from './reward.ts';

/**
 * What the account earned less what the decisions would have earned on paper, quote asset:
 * scale × ((Eₜ − Eₜ₋₁) − qₜ₋₁* (Sₜ − Sₜ₋₁)), where q* is the position that was wanted and Sₜ₋₁ the price when that was decided.
 * It is minus Perold's shortfall: spread, slippage, fees, funding, delay, and what was missed by orders that were not filled.
 * 0 is perfect execution; it says nothing of whether the decisions were good.
 * @see Perold (1988), "The Implementation Shortfall: Paper versus Reality", Journal of Portfolio Management 14(3).
 */
export const IMPLEMENTATION_SHORTFALL = defineReward({
  name: 'implementation-shortfall',
  title: 'Implementation shortfall',
  parameters: {
    scale: realNumber('', { default: 1, says: 'what a unit of the quote asset counts', least: 1e-12, most: 1e12 }),
  },
  unit: 'quote asset',
  formula: 'scale × ((Eₜ − Eₜ₋₁) − target × (Sₜ − Sₜ₋₁))',
  source: 'Perold (1988), The Implementation Shortfall: Paper versus Reality, Journal of Portfolio Management 14(3)',
  create({ scale }) {
    const state = { equity: 0, price: 0 };
    return {
      reset(equity, price) {
        state.equity = equity;
        state.price = price;
      },
      next(equity, _, price, target) {
        const real = equity - state.equity;
        const paper = target * (price - state.price);
        state.equity = equity;
        state.price = price;
        return scale * (real - paper);
      },
    };
  },
});
