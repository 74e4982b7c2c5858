import { realNumber, wholeNumber } from '../../operators/features/definition.ts';
import type { OrderSide } from '../../operators/matching/order.ts';
import { defineStrategy, type Market } from '../simulation/strategy.ts';

/**
 * Orders at fixed distances on both sides of where it began; each that fills is answered by one a distance back. It bets
 * that the price stays in the range: in a trend it ends with all it may hold, on the wrong side.
 */
export const GRID = defineStrategy({
  name: 'grid',
  title: 'Grid',
  says: 'orders at fixed distances on both sides; bets that the price stays in the range',
  parameters: {
    stepBps: realNumber('bps', { default: 5, says: 'distance between orders', least: 0.1, most: 1_000 }),
    levels: wholeNumber('orders', { default: 5, says: 'orders a side', most: 100 }),
    qty: realNumber('base asset', { default: 0.01, says: 'quantity of an order', least: 1e-9, most: 1e9 }),
  },
  events: ['timer'],
  everyMs: () => 1_000,
  create({ stepBps, levels, qty }) {
    /** Where it began, and the distance, in ticks. */
    let [origin, step] = [Number.NaN, Number.NaN];

    function place(market: Market, side: OrderSide, level: number): void {
      const priceTicks = Math.round(origin + level * step);
      const isAhead = side === 'buy' ? priceTicks < market.askTicks : priceTicks > market.bidTicks;
      const qtySteps = Math.round(qty / market.stepSize);
      if (isAhead && qtySteps > 0) market.placeLimit(side, priceTicks, qtySteps, { timeInForce: 'GTX' });
    }

    return {
      onEvent(_, market) {
        if (!Number.isNaN(origin) || !market.isBookValid) return;
        origin = (market.bidTicks + market.askTicks) / 2;
        step = Math.max(1, (origin * stepBps) / 10_000);
        for (let level = 1; level <= levels; level++) {
          place(market, 'buy', -level);
          place(market, 'sell', level);
        }
      },
      onFill({ side, priceTicks }, market) {
        const level = Math.round((priceTicks - origin) / step);
        if (market.orders.some((order) => order.priceTicks === priceTicks && order.leftSteps > 0)) return;
        place(market, side === 'buy' ? 'sell' : 'buy', level + (side === 'buy' ? 1 : -1));
      },
    };
  },
});
