import { realNumber } from '../features/definition.ts';
import { defineReward } from './reward.ts';

/**
 * Return less a price for what is held, ratio: (Eₜ − Eₜ₋₁) ÷ E₀ − φ × (qₜ Sₜ ÷ E₀)², where qₜ Sₜ is the position's value at the
 * end of the time. The running inventory penalty of market making, with the position in parts of the first equity.
 * @see Cartea, Jaimungal & Penalva (2015), "Algorithmic and High-Frequency Trading", chapter 10.
 */
export const INVENTORY_PENALISED = defineReward({
  name: 'inventory-penalised',
  title: 'Return, penalised by inventory',
  parameters: {
    weight: realNumber('', {
      default: 1e-4,
      says: 'φ, what a position worth the first equity costs a step',
      least: 0,
      most: 1e6,
    }),
  },
  unit: 'ratio',
  formula: '(Eₜ − Eₜ₋₁) ÷ E₀ − weight × (qₜ Sₜ ÷ E₀)²',
  source: 'Cartea, Jaimungal & Penalva (2015), Algorithmic and High-Frequency Trading, chapter 10',
  create({ weight }) {
    const state = { first: 0, equity: 0 };
    return {
      reset(equity) {
        state.first = equity;
        state.equity = equity;
      },
      next(equity, position, price) {
        const change = (equity - state.equity) / state.first;
        const held = (position * price) / state.first;
        state.equity = equity;
        return change - weight * held * held;
      },
    };
  },
});
