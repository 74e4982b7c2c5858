import { multiplyDivide } from '../../../operators/account/money.ts';
import { decimalText } from '../instrument.ts';
import type { Listing } from './listing.ts';

/** An amount in 1e-8 with all eight decimals, as REST answers have it: `12.30000000`. */
export function amountText(amountE8: number): string {
  return decimalText(amountE8, 8);
}

/** The same without the zeros at its end, as the user data stream has it: `12.3`. */
export function shortText(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Price of `tickSteps` over `steps` in 1e-8, the nearest; 0 where there are no steps. */
export function averagePriceE8({ terms }: Listing, tickSteps: number, steps: number): number {
  if (steps === 0) return 0;
  return multiplyDivide(tickSteps, terms.tickUnits * 1e8, terms.tickDivisor * steps);
}

/** Price that steps were bought or sold at for a cost of `costE8`, in 1e-8; both have one sign. */
export function priceOfCostE8({ terms }: Listing, costE8: number, steps: number): number {
  if (steps === 0) return 0;
  return multiplyDivide(Math.abs(costE8), terms.stepDivisor, Math.abs(steps) * terms.stepUnits);
}
