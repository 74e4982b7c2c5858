import { comoments, correlationOf } from './comoments.ts';
import { defineFeature, type FeatureFold, wholeNumber } from './definition.ts';
import {
  logReturns,
  type OfPairState,
  ofPair,
  PAIR_INPUTS,
  PAIR_INTERVAL,
  type PairInput,
  pairWindow,
} from './of-pair.ts';

/** Which of two instruments moves first. */
export interface LeadLag {
  /** At the lag where it is strongest. */
  readonly correlation: number;
  /** That lag; positive: this instrument leads. */
  readonly lag: number;
  /** Without a lag; undefined where one did not move then. */
  readonly contemporaneous: number | undefined;
  /** Sum of squared correlations where this instrument leads over that where the other does; above 1: this one leads. */
  readonly leadLagRatio: number | undefined;
}

/**
 * Cross-correlation of two instruments' log returns: ρ(k) = corr(r₁ at t − k, r₂ at t), k from −`lags` to `lags`
 * intervals, over the last `samples` returns of each. Positive lags: this instrument leads. Of lags that are equally
 * strong the shortest counts.
 *
 * LLR = Σ_{k>0} ρ(k)² / Σ_{k<0} ρ(k)²
 *
 * Returns are between the last midprices of intervals. Where prices come more seldom than intervals end, correlations
 * without a lag are weakened (Epps, 1979); Huth and Abergel use Hayashi and Yoshida's estimator instead. Which log is
 * quicker to us counts too.
 * @throws RangeError for `lags` that leave fewer than three pairs of returns
 * @see Huth & Abergel (2014), "High frequency lead/lag relationships: Empirical facts", J. Empirical Finance 26; Epps
 * (1979), "Comovements in Stock Prices in the Very Short Run", J. American Statistical Association 74.
 */
export function leadLagCorrelation(options: {
  readonly intervalMs: number;
  readonly samples: number;
  readonly lags: number;
}): FeatureFold<PairInput, OfPairState<LeadLag>, LeadLag> {
  const { intervalMs, samples, lags } = options;
  if (lags > samples - 3)
    throw new RangeError(`lead_lag_correlation, lags: expected at most samples − 3 (${samples - 3}), found ${lags}`);
  return ofPair({ intervalMs, prices: samples + 1 }, (own, other) => {
    const [first, second] = [logReturns(own), logReturns(other)];
    const at = (lag: number): number | undefined =>
      correlationOf(comoments(first, Math.max(0, -lag), second, Math.max(0, lag), samples - Math.abs(lag)));
    const contemporaneous = at(0);
    let correlation: number | undefined = contemporaneous;
    let lag = 0;
    let [leading, led] = [0, 0];
    for (let k = 1; k <= lags; k++) {
      const [ahead, behind] = [at(k), at(-k)];
      leading += (ahead ?? 0) ** 2;
      led += (behind ?? 0) ** 2;
      if (isStronger(ahead, correlation)) [correlation, lag] = [ahead, k];
      if (isStronger(behind, correlation)) [correlation, lag] = [behind, -k];
    }
    if (correlation === undefined) return undefined;
    const leadLagRatio = led > 0 ? leading / led : undefined;
    return { correlation, lag: (lag * intervalMs) / 1_000, contemporaneous, leadLagRatio };
  });
}

function isStronger(one: number | undefined, other: number | undefined): one is number {
  return one !== undefined && (other === undefined || Math.abs(one) > Math.abs(other));
}

export const LEAD_LAG_CORRELATION = defineFeature({
  name: 'lead_lag_correlation',
  version: 1,
  title: 'Lead-lag correlation',
  group: 'cross',
  inputs: PAIR_INPUTS,
  parameters: {
    intervalMs: PAIR_INTERVAL,
    samples: pairWindow(10),
    lags: wholeNumber('intervals', { default: 10, says: 'greatest lag', most: 100 }),
  },
  outputs: {
    correlation: { unit: 'ratio', range: [-1, 1], says: 'of log returns, at the lag where it is strongest' },
    lag: { unit: 'seconds', range: [null, null], says: 'that lag; positive: this instrument leads the other' },
    contemporaneous: { unit: 'ratio', range: [-1, 1], says: 'correlation of log returns without a lag' },
    leadLagRatio: { unit: 'ratio', range: [0, null], says: 'above 1: this instrument leads, below 1: the other does' },
  },
  warmUp: ({ intervalMs, samples }) => ({
    count: intervalMs * (samples + 1),
    of: 'ms',
    also: 'valid books of both, whose midprices moved',
  }),
  formula: 'ρ(k) = corr(r₁(t−k), r₂(t)) at its greatest |ρ(k)|, |k| ≤ lags; LLR = Σ_{k>0} ρ(k)² / Σ_{k<0} ρ(k)²',
  source: 'Huth & Abergel (2014), J. Empirical Finance 26',
  create: leadLagCorrelation,
});
