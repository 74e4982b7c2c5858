import type { Projection } from '../../fold.ts';
import { beta, correlation, type Pair } from '../../indicators/correlation.ts';
import { linearRegression } from '../../indicators/linear-regression.ts';
import { rollingQuantile } from '../../indicators/rolling-quantile.ts';
import { kurtosis, skewness } from '../../indicators/skewness.ts';
import { standardDeviation, variance } from '../../indicators/variance.ts';
import { zScore } from '../../indicators/z-score.ts';
import { realNumber } from '../definition.ts';
import type { ClosedBar } from '../feature-input.ts';
import { period, technicalOfBar, technicalOfClose } from './technical.ts';

/** Statistics of closes over a window of bars. Entries of the catalogue; formulas, units and sources are in each. */
export const LINEAR_REGRESSION = technicalOfClose({
  name: 'linear_regression',
  title: 'Linear regression',
  group: 'statistics',
  parameters: { period: period(20, 'window', 2) },
  outputs: {
    slope: { unit: 'price', range: [null, null], says: 'of a bar; positive while closes rise' },
    intercept: { unit: 'price', range: [null, null], says: 'the line at the oldest close of the window' },
    value: { unit: 'price', range: [null, null], says: 'the line at this close' },
    r2: { unit: 'ratio', range: [0, 1], says: 'share of the variance that the line explains; 0 where nothing moves' },
  },
  warmUp: (p) => p.period,
  formula: 'least squares of C on 1 … n',
  source: 'Draper & Smith (1998), Applied Regression Analysis, chapter 1',
  create: linearRegression,
});

export const Z_SCORE = technicalOfClose({
  name: 'z_score',
  title: 'Z-score',
  group: 'statistics',
  parameters: { period: period(20) },
  outputs: {
    '': { unit: 'deviations', range: [null, null], says: 'positive: above the mean; 0 where nothing moves' },
  },
  warmUp: (p) => p.period,
  formula: '(C − m)/σ over n bars',
  source: 'Shiffler (1988), The American Statistician 42(1)',
  create: zScore,
});

export const STANDARD_DEVIATION = technicalOfClose({
  name: 'standard_deviation',
  title: 'Rolling standard deviation',
  group: 'statistics',
  parameters: { period: period(20) },
  outputs: {
    '': { unit: 'price', range: [0, null], says: 'of the population' },
  },
  warmUp: (p) => p.period,
  formula: '√(Σ (C − m)²/n)',
  source: 'Welford (1962), Technometrics 4(3)',
  create: standardDeviation,
});

export const VARIANCE = technicalOfClose({
  name: 'variance',
  title: 'Rolling variance',
  group: 'statistics',
  parameters: { period: period(20) },
  outputs: {
    '': { unit: 'priceSquared', range: [0, null], says: 'of the population' },
  },
  warmUp: (p) => p.period,
  formula: 'Σ (C − m)²/n',
  source: 'Welford (1962), Technometrics 4(3)',
  create: variance,
});

export const SKEWNESS = technicalOfClose({
  name: 'skewness',
  title: 'Rolling skewness',
  group: 'statistics',
  parameters: { period: period(60, 'window', 2) },
  outputs: {
    '': { unit: 'ratio', range: [null, null], says: 'positive: a long tail upwards; 0 where nothing moves' },
  },
  warmUp: (p) => p.period,
  formula: 'M₃/M₂^1.5 of closes over n bars',
  source: 'Joanes & Gill (1998), The Statistician 47(1)',
  create: skewness,
});

export const KURTOSIS = technicalOfClose({
  name: 'kurtosis',
  title: 'Rolling kurtosis',
  group: 'statistics',
  parameters: { period: period(60, 'window', 2) },
  outputs: {
    '': { unit: 'ratio', range: [-2, null], says: 'in excess of the normal’s; 0 where nothing moves' },
  },
  warmUp: (p) => p.period,
  formula: 'M₄/M₂² − 3 of closes over n bars',
  source: 'Joanes & Gill (1998), The Statistician 47(1)',
  create: kurtosis,
});

export const ROLLING_QUANTILE = technicalOfClose({
  name: 'rolling_quantile',
  title: 'Rolling quantile',
  group: 'statistics',
  parameters: {
    period: period(60),
    quantile: realNumber('', { default: 0.5, least: 0, most: 1, says: 'share below it; 0.5 is the median' }),
  },
  outputs: {
    '': { unit: 'price', range: [null, null], says: 'close below which the share lies' },
  },
  warmUp: (p) => p.period,
  formula: 'order statistics of n closes, interpolated (type 7)',
  source: 'Hyndman & Fan (1996), The American Statistician 50(4)',
  create: rollingQuantile,
});

/** Close and volume of a bar as a pair. */
const closeAndVolume = <State>(indicator: Projection<Pair, State, number>): Projection<ClosedBar, State, number> => ({
  initialState: indicator.initialState,
  evolve: (state, { close, volume }) => indicator.evolve(state, { x: volume, y: close }),
  project: (state, { close, volume }) => indicator.project(state, { x: volume, y: close }),
});

export const PRICE_VOLUME_CORRELATION = technicalOfBar({
  name: 'price_volume_correlation',
  title: 'Correlation of price and volume',
  group: 'statistics',
  parameters: { period: period(20, 'window', 2) },
  outputs: {
    '': { unit: 'ratio', range: [-1, 1], says: 'positive: closes are high where volume is; 0 where one does not move' },
  },
  warmUp: (p) => p.period,
  formula: 'cov(C, V)/(σ_C·σ_V) over n bars',
  source: 'Pearson (1895), Proc. Royal Society 58',
  create: (p) => closeAndVolume(correlation(p)),
});

export const PRICE_VOLUME_BETA = technicalOfBar({
  name: 'price_volume_beta',
  title: 'Beta of price to volume',
  group: 'statistics',
  parameters: { period: period(20, 'window', 2) },
  outputs: {
    '': {
      unit: 'pricePerQty',
      range: [null, null],
      says: 'how far the close moves with volume; 0 where that does not move',
    },
  },
  warmUp: (p) => p.period,
  formula: 'cov(V, C)/var(V) over n bars',
  source: 'Sharpe (1964), J. Finance 19(3)',
  create: (p) => closeAndVolume(beta(p)),
});
