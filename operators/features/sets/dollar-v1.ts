import { ORDER_FLOW_IMBALANCE } from '../order-flow-imbalance.ts';
import { REALIZED_VOLATILITY } from '../realized-volatility.ts';
import { resolveFeatureSet } from '../resolve-feature-set.ts';
import { MACD, RSI } from '../technical/momentum.ts';
import { EMA, SMA } from '../technical/moving-averages.ts';
import { Z_SCORE } from '../technical/statistics.ts';
import { ATR, BOLLINGER } from '../technical/volatility.ts';
import { TRADE_IMBALANCE } from '../trade-imbalance.ts';

/**
 * Indicators of bars of equal value, whose returns are closer to normal than those of minutes.
 * @see López de Prado (2018), "Advances in Financial Machine Learning", section 2.3.
 */
export const DOLLAR_V1 = resolveFeatureSet({
  name: 'dollar',
  version: 1,
  says: 'indicators of bars of a million of the quote asset each',
  clock: { kind: 'dollar', notional: 1_000_000, restartMs: 3_600_000 },
  sampling: 'bars',
  features: [
    { feature: SMA, column: 'sma_20', parameters: { period: 20 } },
    { feature: RSI, column: 'rsi_14', parameters: { period: 14 } },
    { feature: MACD, parameters: { fast: 12, slow: 26, signal: 9 } },
    { feature: BOLLINGER, parameters: { period: 20, deviations: 2 } },
    { feature: ATR, column: 'atr_14', parameters: { period: 14 } },
    { feature: REALIZED_VOLATILITY, parameters: { intervalMs: 1_000, samples: 60 } },
    { feature: ORDER_FLOW_IMBALANCE, parameters: { windowMs: 60_000 } },
    { feature: Z_SCORE, column: 'order_flow_imbalance_z', parameters: { period: 20 }, of: 'order_flow_imbalance' },
    { feature: TRADE_IMBALANCE, parameters: { windowMs: 60_000 } },
    { feature: EMA, column: 'trade_imbalance_ema', parameters: { period: 10 }, of: 'trade_imbalance' },
  ],
});
