import type { OrderDesk } from './order-desk.ts';
import type { UserAccount } from './user-account.ts';

/** `countdownCancelAll`: the orders of a symbol are cancelled unless the countdown is set anew in time. */
export interface Countdowns {
  /** @param countdownMs 0 ends the countdown */
  readonly set: (account: UserAccount, symbol: string, countdownMs: number) => void;
  /** Cancels where one has run down. Binance looks about every 10 ms. Conditional orders stay. */
  readonly turn: (account: UserAccount) => void;
}

/** @param clockMs of the machine, as a trader's silence is measured by it */
export function countdowns(desk: OrderDesk, clockMs: () => number = Date.now): Countdowns {
  return {
    set: (account, symbol, countdownMs) => {
      if (countdownMs === 0) account.countdowns.delete(symbol);
      else account.countdowns.set(symbol, clockMs() + countdownMs);
    },
    turn: (account) => {
      for (const [symbol, dueMs] of account.countdowns) {
        if (dueMs > clockMs()) continue;
        account.countdowns.delete(symbol);
        for (const order of [...account.open.values()]) if (order.symbol === symbol) desk.cancel(account, order);
      }
    },
  };
}
