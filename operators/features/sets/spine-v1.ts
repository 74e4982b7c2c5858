import { MICROPRICE } from '../microprice.ts';
import { MIDPRICE } from '../midprice.ts';
import { ORDER_FLOW_IMBALANCE } from '../order-flow-imbalance.ts';
import { QUEUE_IMBALANCE } from '../queue-imbalance.ts';
import { QUOTED_SPREAD } from '../quoted-spread.ts';
import { REALIZED_VOLATILITY } from '../realized-volatility.ts';
import { resolveFeatureSet } from '../resolve-feature-set.ts';
import { TRADE_IMBALANCE } from '../trade-imbalance.ts';

/** The first feature set: the book and its flow at each depth event. */
export const SPINE_V1 = resolveFeatureSet({
  name: 'spine',
  version: 1,
  says: 'the book and its flow at each change of it',
  clock: { kind: 'time', intervalMs: 60_000 },
  sampling: 'quotes',
  features: [
    { feature: MIDPRICE },
    { feature: MICROPRICE },
    { feature: QUOTED_SPREAD },
    { feature: QUEUE_IMBALANCE },
    { feature: ORDER_FLOW_IMBALANCE, parameters: { windowMs: 1_000 } },
    { feature: TRADE_IMBALANCE, parameters: { windowMs: 10_000 } },
    { feature: REALIZED_VOLATILITY, parameters: { intervalMs: 1_000, samples: 60 } },
  ],
});
