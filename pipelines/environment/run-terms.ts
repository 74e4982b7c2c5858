import type { LatencyModel } from '../../operators/matching/latency.ts';
import type { RiskLimits } from '../../operators/risk/risk-limits.ts';
import type { Scale } from '../../streams/events/scale.ts';

/** Terms of the account and of the market, as a backtest has them. */
export interface RunTerms {
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly scale: Scale;
  readonly latency: LatencyModel;
  /** Quote asset. */
  readonly balance: number;
  readonly leverage: number;
  /** VIP level. */
  readonly feeTier: number;
  readonly limits: RiskLimits;
}
