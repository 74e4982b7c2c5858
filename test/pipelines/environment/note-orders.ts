import type { Market } from '../../../pipelines/simulation/strategy.ts';

const METHODS = ['placeLimit', 'placeMarket', 'amend', 'cancel'] as const;

/** Has all that is sent through a market told, before it is. */
export function noteOrders(
  market: Market,
  onSent: (method: (typeof METHODS)[number], values: readonly unknown[]) => void,
): void {
  for (const method of METHODS) {
    const does = market[method] as (...values: unknown[]) => unknown;
    Object.assign(market, {
      [method](...values: unknown[]) {
        onSent(method, values);
        return does(...values);
      },
    });
  }
}
