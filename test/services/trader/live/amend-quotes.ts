import type { OrderSide } from '../../../../operators/matching/order.ts';
import { defineStrategy, type Market } from '../../../../pipelines/simulation/strategy.ts';

const QTY = 10;
const MOST = 50;

/** Keeps one order a side before the best price, and moves it there by changing it, in price and in quantity. */
const amendQuotes = defineStrategy({
  name: 'amend-quotes',
  title: 'Amends its quotes',
  says: 'Quotes both sides and changes its orders.',
  parameters: {},
  events: ['timer'],
  everyMs: () => 100,
  create: () => {
    let turns = 0;

    function quote(market: Market, side: OrderSide, priceTicks: number, mayGrow: boolean): void {
      const order = market.orders.find((each) => each.side === side && each.state !== 'cancelling');
      if (order === undefined) {
        if (mayGrow) market.placeLimit(side, priceTicks, QTY);
      } else if (!mayGrow || turns % 40 === 0) market.cancel(order.orderId);
      // The same as it is: it is refused.
      else if (turns % 7 === 0) market.amend(order.orderId, {});
      else if (order.priceTicks !== priceTicks)
        market.amend(order.orderId, { priceTicks, qtySteps: QTY + (turns % 3) * 2 });
    }

    return {
      onEvent(_, market) {
        if (!market.isBookValid) return;
        turns++;
        const { bidTicks, askTicks, positionSteps } = market;
        quote(market, 'buy', Math.min(bidTicks + 1, askTicks - 1), positionSteps < MOST);
        quote(market, 'sell', Math.max(askTicks - 1, bidTicks + 1), positionSteps > -MOST);
      },
    };
  },
});

export { amendQuotes as default };
