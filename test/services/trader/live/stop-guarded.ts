import type { ConditionalTerms } from '../../../../pipelines/simulation/conditional-terms.ts';
import { defineStrategy } from '../../../../pipelines/simulation/strategy.ts';

const QTY = 20;
/** How far a stop and a take-profit are from the price, and after how many turns a position is closed without them. */
const AWAY = 0.000_02;
const PATIENCE = 40;

/** Enters at the market, one way and the other, and leaves by conditional orders of each kind in turn. */
const stopGuarded = defineStrategy({
  name: 'stop-guarded',
  title: 'Guards its position by stops',
  says: 'Enters at the market and leaves by conditional orders.',
  parameters: {},
  events: ['timer'],
  everyMs: () => 100,
  create: () => {
    let [rounds, held] = [0, 0];

    /** @param down the way in which the position loses: 1 where it is short */
    function guards(bidTicks: number, askTicks: number, down: 1 | -1, steps: number): ConditionalTerms[] {
      const near = down === -1 ? bidTicks : askTicks;
      const away = Math.ceil(near * AWAY);
      const [lossTicks, gainTicks] = [near + down * away, near - down * away];
      const part = { qtySteps: steps, isReduceOnly: true };
      const takes: ConditionalTerms = { type: 'TAKE_PROFIT_MARKET', triggerTicks: gainTicks, closesPosition: true };
      const stops: ConditionalTerms[] = [
        { type: 'STOP_MARKET', triggerTicks: lossTicks, closesPosition: true },
        { type: 'STOP', triggerTicks: lossTicks, priceTicks: lossTicks + down * away, ...part },
        { type: 'STOP_MARKET', triggerTicks: lossTicks, workingType: 'MARK_PRICE', ...part },
        // It would trigger at once, and is refused.
        { type: 'STOP_MARKET', triggerTicks: near - down * away, ...part },
        { type: 'TRAILING_STOP_MARKET', callbackRate: 0.1, ...part },
      ];
      return [takes, stops[rounds % stops.length]!];
    }

    return {
      onEvent(_, market) {
        if (!market.isBookValid) return;
        const { positionSteps, orders, conditionalOrders, bidTicks, askTicks } = market;
        held = positionSteps === 0 ? 0 : held + 1;
        // A limit order that a stop has become may be left behind by the market.
        if (held > PATIENCE) for (const { orderId, state } of orders) if (state === 'open') market.cancel(orderId);
        if (orders.length > 0) return;
        if (positionSteps === 0 || held > PATIENCE) for (const { orderId } of conditionalOrders) market.cancel(orderId);
        const side = positionSteps < 0 ? 'buy' : 'sell';
        if (held > PATIENCE) market.placeMarket(side, Math.abs(positionSteps), { isReduceOnly: true });
        else if (positionSteps === 0) {
          if (conditionalOrders.length === 0) market.placeMarket(rounds++ % 2 === 0 ? 'buy' : 'sell', QTY);
        } else if (conditionalOrders.length === 0) {
          const down = positionSteps > 0 ? -1 : 1;
          for (const terms of guards(bidTicks, askTicks, down, Math.abs(positionSteps)))
            market.placeConditional(side, terms);
        }
      },
    };
  },
});

export { stopGuarded as default };
