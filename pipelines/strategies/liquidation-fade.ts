import { duration, realNumber } from '../../operators/features/definition.ts';
import { defineStrategy } from '../simulation/strategy.ts';

/**
 * Takes the other side of a forced liquidation by a limit order at the touch, and leaves after a while. It bets that forced
 * orders push the price too far. The venue tells of at most one liquidation a second, so it sees only some.
 */
export const LIQUIDATION_FADE = defineStrategy({
  name: 'liquidation-fade',
  title: 'Liquidation fade',
  says: 'takes the other side of forced liquidations, and leaves after a while; bets that they push too far',
  parameters: {
    least: realNumber('quote asset', {
      default: 10_000,
      says: 'value of a liquidation that counts',
      least: 0,
      most: 1e12,
    }),
    holdMs: duration({ default: 30_000, says: 'how long the position is held' }),
    qty: realNumber('base asset', { default: 0.01, says: 'position', least: 1e-9, most: 1e9 }),
  },
  events: ['liquidation', 'timer'],
  everyMs: () => 200,
  create({ least, holdMs, qty }) {
    let leaveUs = Number.POSITIVE_INFINITY;
    return {
      onEvent(event, market) {
        const isFlat = market.positionSteps === 0 && market.orders.length === 0;
        if (event.type === 'liquidation') {
          if (!isFlat || !market.isBookValid || event.averagePrice * event.filledQty < least) return;
          // A long that is liquidated is sold: it buys.
          const side = event.side === 'sell' ? 'buy' : 'sell';
          const priceTicks = side === 'buy' ? market.bidTicks : market.askTicks;
          const qtySteps = Math.round(qty / market.stepSize);
          if (qtySteps === 0) return;
          market.placeLimit(side, priceTicks, qtySteps, { timeInForce: 'GTX' });
          leaveUs = market.timeUs + holdMs * 1_000;
          return;
        }
        if (market.timeUs < leaveUs) return;
        leaveUs = Number.POSITIVE_INFINITY;
        for (const order of market.orders) market.cancel(order.orderId);
        const { positionSteps } = market;
        if (positionSteps !== 0)
          market.placeMarket(positionSteps > 0 ? 'sell' : 'buy', Math.abs(positionSteps), { isReduceOnly: true });
      },
    };
  },
});
