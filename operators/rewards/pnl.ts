import { realNumber } from '../features/definition.ts';
import { defineReward } from './reward.ts';

/**
 * Change of the equity after fees, funding, spread and slippage, quote asset: scale × (Eₜ − Eₜ₋₁). Its sum over an episode is
 * what the episode earned.
 * @see Sutton & Barto (2018), "Reinforcement Learning", section 3.2: the reward is the goal itself, not a way to it.
 */
export const PNL = defineReward({
  name: 'pnl',
  title: 'Profit and loss after costs',
  parameters: {
    scale: realNumber('', { default: 1, says: 'what a unit of the quote asset counts', least: 1e-12, most: 1e12 }),
  },
  unit: 'quote asset',
  formula: 'scale × (Eₜ − Eₜ₋₁)',
  source: 'Sutton & Barto (2018), Reinforcement Learning, section 3.2',
  create({ scale }) {
    const state = { equity: 0 };
    return {
      reset(equity) {
        state.equity = equity;
      },
      next(equity) {
        const change = equity - state.equity;
        state.equity = equity;
        return scale * change;
      },
    };
  },
});
