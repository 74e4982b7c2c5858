import { resolveFeatureSet } from '../resolve-feature-set.ts';
import { ADX, MACD, RATE_OF_CHANGE, RSI, STOCHASTIC } from '../technical/momentum.ts';
import { SMA } from '../technical/moving-averages.ts';
import { CCI } from '../technical/oscillators.ts';
import { LINEAR_REGRESSION, Z_SCORE } from '../technical/statistics.ts';
import { BOLLINGER, NATR } from '../technical/volatility.ts';
import { CHAIKIN_MONEY_FLOW, MONEY_FLOW_INDEX } from '../technical/volume.ts';

/** Indicators of the venue's own candles of five minutes: of years of which there is nothing else. */
export const KLINES_5M_V1 = resolveFeatureSet({
  name: 'klines_5m',
  version: 1,
  says: 'indicators of the venue’s candles of five minutes',
  clock: { kind: 'kline', interval: '5m' },
  sampling: 'bars',
  features: [
    { feature: SMA, column: 'sma_20', parameters: { period: 20 } },
    { feature: RSI, column: 'rsi_14', parameters: { period: 14 } },
    { feature: MACD, parameters: { fast: 12, slow: 26, signal: 9 } },
    { feature: BOLLINGER, parameters: { period: 20, deviations: 2 } },
    { feature: NATR, column: 'natr_14', parameters: { period: 14 } },
    { feature: ADX, column: 'adx_14', parameters: { period: 14 } },
    { feature: STOCHASTIC, parameters: { period: 14, slowing: 3, signal: 3 } },
    { feature: RATE_OF_CHANGE, column: 'roc_12', parameters: { period: 12 } },
    { feature: CCI, column: 'cci_20', parameters: { period: 20 } },
    { feature: Z_SCORE, column: 'z_score_48', parameters: { period: 48 } },
    { feature: LINEAR_REGRESSION, column: 'trend_48', parameters: { period: 48 }, outputs: ['slope', 'r2'] },
    { feature: MONEY_FLOW_INDEX, column: 'mfi_14', parameters: { period: 14 } },
    { feature: CHAIKIN_MONEY_FLOW, column: 'cmf_20', parameters: { period: 20 } },
    { feature: Z_SCORE, column: 'natr_z', parameters: { period: 288 }, of: 'natr_14' },
  ],
});
