import { resolveFeatureSet } from '../resolve-feature-set.ts';
import { MACD, RSI } from '../technical/momentum.ts';
import { SMA } from '../technical/moving-averages.ts';
import { BOLLINGER } from '../technical/volatility.ts';

/** What most strategies begin with: indicators of minutes. */
export const DEFAULT_V1 = resolveFeatureSet({
  name: 'default',
  version: 1,
  says: 'what most strategies begin with, once a minute',
  clock: { kind: 'time', intervalMs: 60_000 },
  sampling: 'bars',
  features: [
    { feature: SMA, column: 'sma_20', parameters: { period: 20 } },
    { feature: RSI, column: 'rsi_14', parameters: { period: 14 } },
    { feature: MACD },
    { feature: BOLLINGER },
  ],
});
