import { ApiError } from '../rest/api-error.ts';
import type { UserAccount } from './user-account.ts';

/** `rateLimits` of exchangeInfo that are about orders. */
const LIMITS = [
  { header: 'x-mbx-order-count-10s', windowMs: 10_000, most: 300, words: '300 orders per 10 SECOND' },
  { header: 'x-mbx-order-count-1m', windowMs: 60_000, most: 1200, words: '1200 orders per MINUTE' },
] as const;

/** New and amended orders of each account in the windows that Binance counts them in. */
export interface OrderCounts {
  /** Counts so many orders more. @throws ApiError 429, −1015 */
  readonly spend: (account: UserAccount, orders: number) => void;
  /** Headers of an answer to a request for an order. */
  readonly headers: (account: UserAccount) => Readonly<Record<string, number>>;
}

/** Windows begin on the multiples of their length. */
export function orderCounts(clockMs: () => number = Date.now): OrderCounts {
  const counts = new Map<UserAccount, { window: number; used: number }[]>();
  const current = (account: UserAccount): { window: number; used: number }[] => {
    let found = counts.get(account);
    if (found === undefined) {
      found = LIMITS.map(() => ({ window: 0, used: 0 }));
      counts.set(account, found);
    }
    for (const [index, { windowMs }] of LIMITS.entries()) {
      const window = Math.floor(clockMs() / windowMs);
      if (found[index]?.window !== window) found[index] = { window, used: 0 };
    }
    return found;
  };
  return {
    spend: (account, orders) => {
      const found = current(account);
      for (const [index, { most, words }] of LIMITS.entries()) {
        if ((found[index]?.used ?? 0) + orders > most)
          throw new ApiError(429, -1015, `Too many new orders; current limit is ${words}.`);
      }
      for (const each of found) each.used += orders;
    },
    headers: (account) =>
      Object.fromEntries(current(account).map(({ used }, index) => [LIMITS[index]?.header ?? '', used])),
  };
}
