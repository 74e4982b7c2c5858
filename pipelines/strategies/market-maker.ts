import { realNumber, wholeNumber } from '../../operators/features/definition.ts';
import type { OrderSide } from '../../operators/matching/order.ts';
import { defineStrategy, type Market } from '../simulation/strategy.ts';

/**
 * Quotes both sides and leans against its inventory: it lowers both quotes while it is long and raises them while it is
 * short, so that the side that reduces the position is filled sooner. It bets that the spread pays for being picked off.
 * @see Avellaneda & Stoikov (2008), "High-frequency trading in a limit order book", Quantitative Finance 8(3), whose
 * reservation price this is with a linear skew.
 */
export const MARKET_MAKER = defineStrategy({
  name: 'market-maker',
  title: 'Market making by inventory skew',
  says: 'quotes both sides, and leans against its inventory; bets that the spread pays for being picked off',
  parameters: {
    everyMs: wholeNumber('ms', { default: 500, says: 'how often quotes are moved', least: 10, most: 60_000 }),
    halfSpreadBps: realNumber('bps', {
      default: 1,
      says: 'distance of a quote from the reservation price',
      least: 0,
      most: 100,
    }),
    skewBps: realNumber('bps', {
      default: 1,
      says: 'how far quotes lean at the greatest inventory',
      least: 0,
      most: 100,
    }),
    qty: realNumber('base asset', { default: 0.01, says: 'quantity of a quote', least: 1e-9, most: 1e9 }),
    maxQty: realNumber('base asset', {
      default: 0.1,
      says: 'greatest inventory, long or short',
      least: 1e-9,
      most: 1e9,
    }),
  },
  events: ['timer'],
  everyMs: ({ everyMs }) => everyMs,
  create({ halfSpreadBps, skewBps, qty, maxQty }) {
    /** Moves a side's quote to where it should be; one that is there keeps its place in the queue. */
    function quote(market: Market, side: OrderSide, priceTicks: number, mayGrow: boolean): void {
      const resting = market.orders.filter((order) => order.side === side);
      const isThere = resting.some((order) => order.priceTicks === priceTicks && order.state !== 'cancelling');
      for (const order of resting) if (!mayGrow || order.priceTicks !== priceTicks) market.cancel(order.orderId);
      const qtySteps = Math.round(qty / market.stepSize);
      if (mayGrow && !isThere && qtySteps > 0) market.placeLimit(side, priceTicks, qtySteps, { timeInForce: 'GTX' });
    }

    return {
      onEvent(_, market) {
        if (!market.isBookValid) {
          for (const order of market.orders) market.cancel(order.orderId);
          return;
        }
        const { bidTicks, askTicks, positionSteps, stepSize } = market;
        const inventory = (positionSteps * stepSize) / maxQty;
        const mid = (bidTicks + askTicks) / 2;
        const reservation = mid * (1 - (inventory * skewBps) / 10_000);
        const half = (mid * halfSpreadBps) / 10_000;
        quote(market, 'buy', Math.min(Math.floor(reservation - half), askTicks - 1), inventory < 1);
        quote(market, 'sell', Math.max(Math.ceil(reservation + half), bidTicks + 1), inventory > -1);
      },
    };
  },
});
