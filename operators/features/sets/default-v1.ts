import { LIQUIDATIONS } from '../liquidations.ts';
import { ORDER_FLOW_IMBALANCE } from '../order-flow-imbalance.ts';
import { REALIZED_VOLATILITY } from '../realized-volatility.ts';
import { resolveFeatureSet } from '../resolve-feature-set.ts';
import { ADX, MACD, RSI, STOCHASTIC } from '../technical/momentum.ts';
import { SMA } from '../technical/moving-averages.ts';
import { BOLLINGER } from '../technical/volatility.ts';
import { OBV, ROLLING_VWAP } from '../technical/volume.ts';
import { TRADE_IMBALANCE } from '../trade-imbalance.ts';

const MINUTE_MS = 60_000;

/** What most strategies begin with: indicators of minutes, and what happened in the last one. */
export const DEFAULT_V1 = resolveFeatureSet({
  name: 'default',
  version: 1,
  says: 'what most strategies begin with, once a minute',
  clock: { kind: 'time', intervalMs: MINUTE_MS },
  sampling: 'bars',
  features: [
    { feature: SMA, column: 'sma_20', parameters: { period: 20 } },
    { feature: RSI, column: 'rsi_14', parameters: { period: 14 } },
    { feature: MACD, parameters: { fast: 12, slow: 26, signal: 9 } },
    { feature: BOLLINGER, parameters: { period: 20, deviations: 2 } },
    { feature: OBV },
    { feature: ROLLING_VWAP, column: 'vwap_60', parameters: { period: 60 } },
    { feature: STOCHASTIC, parameters: { period: 14, slowing: 3, signal: 3 } },
    { feature: ADX, column: 'adx_14', parameters: { period: 14 } },
    { feature: ORDER_FLOW_IMBALANCE, column: 'order_imbalance', parameters: { windowMs: MINUTE_MS } },
    { feature: TRADE_IMBALANCE, column: 'trade_flow_imbalance', parameters: { windowMs: MINUTE_MS } },
    { feature: REALIZED_VOLATILITY, parameters: { intervalMs: 1_000, samples: 60 } },
    { feature: LIQUIDATIONS, column: 'liquidation', parameters: { windowMs: MINUTE_MS } },
  ],
});
