import type { AccountState } from '../../operators/account/account-state.ts';
import { type InstrumentTerms, priceOfE8, valueAtE8 } from '../../operators/account/instrument-terms.ts';
import { E8 } from '../../operators/account/money.ts';
import type { EquityCurve } from './backtest-result.ts';

/** Samples of an account at prices of which it is not told, so that it is not changed by being looked at. */
export interface BarCurve {
  /** Wallet and unrealised profit at a price, quote asset. */
  equityAt(ticks: number): number;
  add(timeMs: number, ticks: number): void;
  take(): EquityCurve;
}

/** Few: an episode of an environment needs no more, and there are many of them. */
const SAMPLES_AT_START = 1 << 8;

/** @param state of an account of one instrument, in one-way mode */
export function createBarCurve(its: InstrumentTerms, state: AccountState): BarCurve {
  const { both } = state.books[0]!;
  const step = its.stepUnits / its.stepDivisor;
  let columns = [0, 1, 2, 3].map(() => new Float64Array(SAMPLES_AT_START)) as Columns;
  let count = 0;

  function grow(): void {
    columns = columns.map((column) => {
      const longer = new Float64Array(2 * column.length);
      longer.set(column);
      return longer;
    }) as Columns;
  }

  function equityE8(priceE8: number): number {
    return state.walletE8 + (both.steps === 0 ? 0 : valueAtE8(its, both.steps, priceE8) - both.costE8);
  }

  return {
    equityAt: (ticks) => equityE8(priceOfE8(its, ticks)) / E8,
    add(timeMs, ticks) {
      if (count === columns[0].length) grow();
      const [times, equity, position, price] = columns;
      const priceE8 = priceOfE8(its, ticks);
      times[count] = timeMs;
      equity[count] = equityE8(priceE8) / E8;
      position[count] = both.steps * step;
      price[count] = priceE8 / E8;
      count++;
    },
    take() {
      const [timesMs, equity, position, price] = columns.map((column) => column.slice(0, count)) as Columns;
      return { timesMs, equity, position, price };
    },
  };
}

type Columns = [Float64Array, Float64Array, Float64Array, Float64Array];
