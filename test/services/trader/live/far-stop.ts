import { defineStrategy } from '../../../../pipelines/simulation/strategy.ts';

/** Buys once, and has an order and a stop wait far below, where no price comes to. Fails where the environment says so. */
const farStop = defineStrategy({
  name: 'far-stop',
  title: 'Far stop',
  says: 'Buys once and holds, with an order and a stop far away.',
  parameters: {},
  events: ['timer'],
  everyMs: () => 100,
  create: () => {
    let hasBought = false;
    return {
      onEvent(_, market) {
        if (process.env['FAR_STOP_FAILS'] === 'yes') throw new Error('it fails');
        if (!market.isBookValid) return;
        if (!hasBought) hasBought = market.placeMarket('buy', 50) !== 0;
        if (market.positionSteps === 0 || market.conditionalOrders.length > 0) return;
        if (market.orders.length === 0) market.placeLimit('buy', Math.round(market.bidTicks * 0.9), 50);
        const triggerTicks = Math.round(market.bidTicks * 0.8);
        market.placeConditional('sell', { type: 'STOP_MARKET', triggerTicks, closesPosition: true });
      },
    };
  },
});

export { farStop as default };
