import { realNumber, wholeNumber } from '../../operators/features/definition.ts';
import { sma } from '../../operators/indicators/sma.ts';
import { defineStrategy } from '../simulation/strategy.ts';

/**
 * Long while the fast average of closes is above the slow one, short while it is below; turns at the market. It bets that
 * trends last longer than they cost to follow.
 * @see Brock, Lakonishok & LeBaron (1992), "Simple Technical Trading Rules and the Stochastic Properties of Stock Returns",
 * J. Finance 47(5).
 */
export const MOVING_AVERAGE_CROSS = defineStrategy({
  name: 'moving-average-cross',
  title: 'Moving-average cross',
  says: 'long while the fast average is above the slow one, short while below; bets that trends last',
  parameters: {
    barMs: wholeNumber('ms', { default: 60_000, says: 'length of a bar', least: 1_000, most: 86_400_000 }),
    fast: wholeNumber('bars', { default: 10, says: 'window of the fast average' }),
    slow: wholeNumber('bars', { default: 30, says: 'window of the slow average', least: 2 }),
    qty: realNumber('base asset', { default: 0.01, says: 'position', least: 1e-9, most: 1e9 }),
  },
  events: [],
  barMs: ({ barMs }) => barMs,
  create({ fast, slow, qty }) {
    if (fast >= slow)
      throw new RangeError(`moving-average-cross, fast: expected a window below slow (${slow}), found ${fast}`);
    const [quicker, calmer] = [sma({ period: fast }), sma({ period: slow })];
    let [quickState, calmState] = [quicker.initialState(), calmer.initialState()];
    return {
      onBar({ close }, market) {
        quickState = quicker.evolve(quickState, close);
        calmState = calmer.evolve(calmState, close);
        const quick = quicker.project(quickState, close);
        const calm = calmer.project(calmState, close);
        // An order that is under way is part of the position already.
        if (quick === undefined || calm === undefined || market.orders.length > 0) return;
        const target = Math.sign(quick - calm) * Math.round(qty / market.stepSize);
        const missing = target - market.positionSteps;
        if (missing !== 0) market.placeMarket(missing > 0 ? 'buy' : 'sell', Math.abs(missing));
      },
    };
  },
});
