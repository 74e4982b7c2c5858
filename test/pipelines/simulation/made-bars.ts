import type { OrderSide } from '../../../operators/matching/order.ts';
import { random } from '../../../operators/random.ts';
import type { ConditionalTerms } from '../../../pipelines/simulation/conditional-terms.ts';
import type { Strategy } from '../../../pipelines/simulation/strategy.ts';
import type { BarTape } from '../../../streams/tape/bar-tape.ts';
import { barsOf, type Candle, MINUTE_MS } from './small-bars.ts';

/** A conditional order of any sort about a price. */
function waiting(uniform: () => number, side: OrderSide, close: number, qtySteps: number): ConditionalTerms {
  const isReduceOnly = uniform() < 0.5;
  const off = Math.round(uniform() * 20) * (side === 'buy' ? 1 : -1);
  const kind = uniform();
  if (kind < 0.2) return { type: 'TRAILING_STOP_MARKET', callbackRate: 0.5, qtySteps, isReduceOnly };
  if (kind < 0.4)
    return { type: 'STOP', triggerTicks: close + off, priceTicks: close + off + 2, qtySteps, isReduceOnly };
  if (kind < 0.6) return { type: 'STOP_MARKET', triggerTicks: close + off, closesPosition: true };
  if (kind < 0.8) return { type: 'STOP_MARKET', triggerTicks: close + off, qtySteps, isReduceOnly };
  return { type: 'TAKE_PROFIT_MARKET', triggerTicks: close - off, qtySteps, isReduceOnly };
}

/** Orders of all sorts at random, and cancellations. */
export function erratic(seed: number): Strategy {
  const { uniform } = random(seed);
  return {
    onBar({ close }, market) {
      const side = uniform() < 0.5 ? 'buy' : 'sell';
      const isReduceOnly = uniform() < 0.3;
      const qty = 1 + Math.floor(uniform() * 40);
      if (uniform() < 0.3) market.placeMarket(side, qty, { isReduceOnly });
      if (uniform() < 0.6)
        market.placeLimit(side, close + Math.round((uniform() - 0.5) * 30), qty, {
          timeInForce: (['GTC', 'GTX', 'IOC', 'FOK'] as const)[Math.floor(uniform() * 4)]!,
          isReduceOnly,
        });
      if (uniform() < 0.3) market.placeConditional(side, waiting(uniform, side, close, qty));
      for (const { orderId } of [...market.orders, ...market.conditionalOrders])
        if (uniform() < 0.2) market.cancel(orderId);
    },
  };
}

/** A walk with candles of all sorts, of which some are missing. */
export function madeBars(seed: number, count: number): BarTape {
  const { uniform } = random(seed);
  let last = 1_000;
  const candles = Array.from({ length: count }, (): Candle | undefined => {
    const open = last + Math.round((uniform() - 0.5) * 6);
    const close = open + Math.round((uniform() - 0.5) * 20);
    last = Math.max(500, close);
    const [top, bottom] = [Math.max(open, close), Math.min(open, close)];
    const candle = [
      open,
      top + Math.floor(uniform() * 8),
      bottom - Math.floor(uniform() * 8),
      close,
      Math.floor(uniform() * 600),
    ] as const;
    return uniform() < 0.02 ? undefined : candle;
  });
  return barsOf(
    candles,
    Array.from({ length: Math.floor(count / 7) }, (_, n) => [
      n * 7 * MINUTE_MS + Math.floor(uniform() * 1_000),
      0.08 * (uniform() - 0.5),
    ]),
  );
}
