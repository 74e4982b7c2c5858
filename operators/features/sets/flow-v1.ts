import { AMIHUD_ILLIQUIDITY } from '../amihud-illiquidity.ts';
import { BIPOWER_VARIATION } from '../bipower-variation.ts';
import { CANCEL_RATE } from '../cancel-rate.ts';
import { EFFECTIVE_SPREAD } from '../effective-spread.ts';
import { HASBROUCK_INFORMATION_SHARE } from '../hasbrouck-information-share.ts';
import { HAWKES_BRANCHING } from '../hawkes-branching.ts';
import { INTEGRATED_ORDER_FLOW_IMBALANCE } from '../integrated-order-flow-imbalance.ts';
import { INTER_TRADE_TIME } from '../inter-trade-time.ts';
import { JUMP_VARIATION } from '../jump-variation.ts';
import { KYLE_LAMBDA } from '../kyle-lambda.ts';
import { LARGE_TRADES } from '../large-trades.ts';
import { MULTI_LEVEL_ORDER_FLOW_IMBALANCE } from '../multi-level-order-flow-imbalance.ts';
import { ORDER_FLOW_IMBALANCE } from '../order-flow-imbalance.ts';
import { PRICE_IMPACT } from '../price-impact.ts';
import { QUEUE_DEPLETION_TIME } from '../queue-depletion-time.ts';
import { REALISED_SPREAD } from '../realised-spread.ts';
import { REALIZED_KURTOSIS } from '../realized-kurtosis.ts';
import { REALIZED_SKEWNESS } from '../realized-skewness.ts';
import { REALIZED_VOLATILITY } from '../realized-volatility.ts';
import { REPLENISH_RATE } from '../replenish-rate.ts';
import { type FeatureUse, resolveFeatureSet } from '../resolve-feature-set.ts';
import { ROLL_SPREAD } from '../roll-spread.ts';
import { SIGNED_VOLUME } from '../signed-volume.ts';
import { TRADE_COUNT } from '../trade-count.ts';
import { TRADE_IMBALANCE } from '../trade-imbalance.ts';
import { TRADE_INTENSITY } from '../trade-intensity.ts';
import { TRADE_SIZE } from '../trade-size.ts';
import { TRADE_VOLUME } from '../trade-volume.ts';
import { VPIN } from '../vpin.ts';

/** Order flow, trades and volatility: all features of the groups that are folded from events. */
export const FLOW_V1 = resolveFeatureSet({
  name: 'flow',
  version: 1,
  says: 'order flow, trades and volatility, at each change of the book',
  clock: { kind: 'time', intervalMs: 60_000 },
  sampling: 'quotes',
  features: [
    AMIHUD_ILLIQUIDITY,
    BIPOWER_VARIATION,
    CANCEL_RATE,
    EFFECTIVE_SPREAD,
    HASBROUCK_INFORMATION_SHARE,
    HAWKES_BRANCHING,
    INTEGRATED_ORDER_FLOW_IMBALANCE,
    INTER_TRADE_TIME,
    JUMP_VARIATION,
    KYLE_LAMBDA,
    LARGE_TRADES,
    MULTI_LEVEL_ORDER_FLOW_IMBALANCE,
    ORDER_FLOW_IMBALANCE,
    PRICE_IMPACT,
    QUEUE_DEPLETION_TIME,
    REALISED_SPREAD,
    REALIZED_KURTOSIS,
    REALIZED_SKEWNESS,
    REALIZED_VOLATILITY,
    REPLENISH_RATE,
    ROLL_SPREAD,
    SIGNED_VOLUME,
    TRADE_COUNT,
    TRADE_IMBALANCE,
    TRADE_INTENSITY,
    TRADE_SIZE,
    TRADE_VOLUME,
  ]
    .map((feature): FeatureUse => ({ feature }))
    // Small buckets, begun anew often: a chunk of a backfill is soon as one that began long before.
    .concat({ feature: VPIN, parameters: { bucketQty: 10, restartMs: 900_000 } }),
});
