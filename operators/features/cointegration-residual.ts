import { comoments } from './comoments.ts';
import { defineFeature, type FeatureFold } from './definition.ts';
import { type OfPairState, ofPair, PAIR_INPUTS, PAIR_INTERVAL, type PairInput, pairWindow } from './of-pair.ts';

/** How far this instrument is from where the other says that it should be. */
export interface Cointegration {
  /** Of this instrument's log price. */
  readonly residual: number;
  /** Log price of this instrument for one of the other. */
  readonly hedgeRatio: number;
  /** Residual in its standard deviations; undefined where there are none. */
  readonly zScore: number | undefined;
  /** t of the residuals' return to their mean; undefined where they do not move. */
  readonly dickeyFuller: number | undefined;
  /** Seconds after which half of a residual is gone; undefined where they do not return. */
  readonly halfLife: number | undefined;
}

/**
 * Residual of the cointegrating regression of two instruments, over the last `samples` intervals; positive where this
 * instrument is dear. Whether there is any cointegration is what the Dickey-Fuller t says: below −3.34 there is, at the 5 %
 * level (MacKinnon's asymptotic value for two series and a constant); without it the residual wanders, and means nothing.
 *
 * ln m₁ = a + b·ln m₂ + e by least squares; z = e / σ_e (of n − 2); Δe_t = γ·e_{t−1} + u_t, t = γ / se(γ);
 * half-life −ln 2 / ln(1 + γ) intervals
 *
 * undefined where the other did not move.
 * @see Engle & Granger (1987), "Co-Integration and Error Correction", Econometrica 55(2); MacKinnon (2010), "Critical Values
 * for Cointegration Tests", Queen's Economics Department Working Paper 1227.
 */
export function cointegrationResidual(options: {
  readonly intervalMs: number;
  readonly samples: number;
}): FeatureFold<PairInput, OfPairState<Cointegration>, Cointegration> {
  const { intervalMs, samples } = options;
  const residuals = new Float64Array(samples);
  return ofPair({ intervalMs, prices: samples }, (own, other) => {
    const { meanX, meanY, squaresX, products } = comoments(other, 0, own, 0, samples);
    if (!(squaresX > 0)) return undefined;
    const hedgeRatio = products / squaresX;
    let squares = 0;
    for (let n = 0; n < samples; n++) {
      residuals[n] = own[n]! - meanY - hedgeRatio * (other[n]! - meanX);
      squares += residuals[n]! ** 2;
    }
    const residual = residuals[samples - 1]!;
    const zScore = squares > 0 ? residual / Math.sqrt(squares / (samples - 2)) : undefined;
    const { gamma, t } = dickeyFuller(residuals);
    const halfLife = gamma < 0 && gamma > -1 ? (-Math.LN2 / Math.log1p(gamma)) * (intervalMs / 1_000) : undefined;
    return { residual, hedgeRatio, zScore, dickeyFuller: Number.isFinite(t) ? t : undefined, halfLife };
  });
}

/** Regression of changes on levels, without a constant: residuals have none. NaN where nothing moves. */
function dickeyFuller(levels: Float64Array): { readonly gamma: number; readonly t: number } {
  const changes = levels.length - 1;
  let [squares, products, squaredChanges] = [0, 0, 0];
  for (let n = 0; n < changes; n++) {
    const change = levels[n + 1]! - levels[n]!;
    squares += levels[n]! ** 2;
    products += levels[n]! * change;
    squaredChanges += change ** 2;
  }
  const gamma = products / squares;
  const variance = (squaredChanges - gamma * products) / (changes - 1);
  return { gamma, t: gamma / Math.sqrt(variance / squares) };
}

export const COINTEGRATION_RESIDUAL = defineFeature({
  name: 'cointegration_residual',
  version: 1,
  title: 'Cointegration residual',
  group: 'cross',
  inputs: PAIR_INPUTS,
  parameters: { intervalMs: PAIR_INTERVAL, samples: pairWindow(10, 600) },
  outputs: {
    residual: { unit: 'logReturn', range: [null, null], says: 'positive: dearer than the other says' },
    hedgeRatio: { unit: 'ratio', range: [null, null], says: 'log price of this instrument for one of the other' },
    zScore: { unit: 'deviations', range: [null, null], says: 'residual in its standard deviations' },
    dickeyFuller: { unit: 'deviations', range: [null, null], says: 'below −3.34: cointegrated at the 5 % level' },
    halfLife: { unit: 'seconds', range: [0, null], says: 'after which half of a residual is gone' },
  },
  warmUp: ({ intervalMs, samples }) => ({
    count: intervalMs * samples,
    of: 'ms',
    also: 'valid books of both, and a midprice of the other that moved',
  }),
  formula: 'ln m₁ = a + b·ln m₂ + e; z = e / σ_e; Δe_t = γ·e_{t−1} + u_t: t = γ / se(γ), half-life −ln 2 / ln(1 + γ)',
  source: 'Engle & Granger (1987), Econometrica 55(2); MacKinnon (2010), QED Working Paper 1227',
  create: cointegrationResidual,
});
