import { tradingCosts } from '../../../operators/performance/trading-costs.ts';
import type { RecordedPass } from './recorded-pass.ts';

/**
 * Where a profit has come from, quote asset: net = gross − delay − spread − fees − liquidation fees + funding + insurance.
 * Costs are above 0 where they were paid.
 */
export interface Attribution {
  /** Of the fills at the closes at which they were decided, and of what is held at the end at the last close. */
  readonly gross: number;
  /** How far the price went between the decision and the fill. */
  readonly delay: number;
  /** Half the spread, and slippage. */
  readonly spread: number;
  readonly fees: number;
  readonly liquidationFees: number;
  /** What was received. */
  readonly funding: number;
  /** What was lost beyond the equity, and is not owed. */
  readonly insurance: number;
  /** Of the equity. */
  readonly net: number;
}

export function attributionOf({ fills, price, equity, funding, insurance }: RecordedPass): Attribution {
  const own = fills.filter(({ outcome }) => outcome !== 'liquidation');
  const costs = tradingCosts(own);
  const last = price.at(-1)!;
  let gross = 0;
  for (const { side, qty, midWhenSent } of fills) gross += (side === 'buy' ? qty : -qty) * (last - midWhenSent);
  return {
    gross,
    delay: costs.slippage,
    spread: costs.makerSpread + costs.takerSpread,
    fees: costs.makerFees + costs.takerFees,
    liquidationFees: fills.reduce((sum, { outcome, fee }) => sum + (outcome === 'liquidation' ? fee : 0), 0),
    funding,
    insurance,
    net: equity.at(-1)! - equity[0]!,
  };
}

const NOTHING: Attribution = {
  gross: 0,
  delay: 0,
  spread: 0,
  fees: 0,
  liquidationFees: 0,
  funding: 0,
  insurance: 0,
  net: 0,
};

/** Of several spans, each of which began with the same balance. */
export function sumOfAttributions(parts: readonly Attribution[]): Attribution {
  return parts.reduce((sum, part) => {
    const added = Object.entries(sum).map(([name, value]) => [name, value + part[name as keyof Attribution]]);
    return Object.fromEntries(added) as unknown as Attribution;
  }, NOTHING);
}
