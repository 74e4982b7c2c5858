import { defineStrategy } from '../../../../pipelines/simulation/strategy.ts';

/** Buys as soon as it may, once, and holds. */
const buyOnce = defineStrategy({
  name: 'buy-once',
  title: 'Buy once',
  says: 'Buys once and holds.',
  parameters: {},
  events: ['timer'],
  everyMs: () => 500,
  create: () => {
    let hasBought = false;
    return {
      onEvent(_, market) {
        if (!hasBought && market.isBookValid) hasBought = market.placeMarket('buy', 50) !== 0;
      },
    };
  },
});

export { buyOnce as default };
