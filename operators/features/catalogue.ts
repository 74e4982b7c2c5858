import { AMIHUD_ILLIQUIDITY } from './amihud-illiquidity.ts';
import { ANNUALISED_FUNDING_RATE } from './annualised-funding-rate.ts';
import { BASIS } from './basis.ts';
import { BIPOWER_VARIATION } from './bipower-variation.ts';
import { BOOK_IMBALANCE } from './book-imbalance.ts';
import { BOOK_SLOPE } from './book-slope.ts';
import { CANCEL_RATE } from './cancel-rate.ts';
import { COINTEGRATION_RESIDUAL } from './cointegration-residual.ts';
import type { FeatureDefinition } from './definition.ts';
import { DEPTH_BPS } from './depth-bps.ts';
import { DEPTH_LEVELS } from './depth-levels.ts';
import { EFFECTIVE_SPREAD } from './effective-spread.ts';
import { FUNDING_RATE } from './funding-rate.ts';
import { HASBROUCK_INFORMATION_SHARE } from './hasbrouck-information-share.ts';
import { HAWKES_BRANCHING } from './hawkes-branching.ts';
import { INTEGRATED_ORDER_FLOW_IMBALANCE } from './integrated-order-flow-imbalance.ts';
import { INTER_TRADE_TIME } from './inter-trade-time.ts';
import { JUMP_VARIATION } from './jump-variation.ts';
import { KYLE_LAMBDA } from './kyle-lambda.ts';
import { LARGE_TRADES } from './large-trades.ts';
import { LEAD_LAG_CORRELATION } from './lead-lag-correlation.ts';
import { LIQUIDATION_CLUSTERS } from './liquidation-clusters.ts';
import { LIQUIDATIONS } from './liquidations.ts';
import { MARK_INDEX_SPREAD } from './mark-index-spread.ts';
import { MICROPRICE } from './microprice.ts';
import { MIDPRICE } from './midprice.ts';
import { MULTI_LEVEL_ORDER_FLOW_IMBALANCE } from './multi-level-order-flow-imbalance.ts';
import { OPEN_INTEREST } from './open-interest.ts';
import { OPEN_INTEREST_CHANGE } from './open-interest-change.ts';
import { ORDER_FLOW_IMBALANCE } from './order-flow-imbalance.ts';
import { PAIR_BETA } from './pair-beta.ts';
import { PAIR_SPREAD } from './pair-spread.ts';
import { PRICE_IMPACT } from './price-impact.ts';
import { QUEUE_DEPLETION_TIME } from './queue-depletion-time.ts';
import { QUEUE_IMBALANCE } from './queue-imbalance.ts';
import { QUOTED_SPREAD } from './quoted-spread.ts';
import { QUOTED_SPREAD_BPS } from './quoted-spread-bps.ts';
import { REALISED_SPREAD } from './realised-spread.ts';
import { REALIZED_KURTOSIS } from './realized-kurtosis.ts';
import { REALIZED_SKEWNESS } from './realized-skewness.ts';
import { REALIZED_VOLATILITY } from './realized-volatility.ts';
import { RELATIVE_STRENGTH } from './relative-strength.ts';
import { REPLENISH_RATE } from './replenish-rate.ts';
import { ROLL_SPREAD } from './roll-spread.ts';
import { SETTLED_FUNDING_RATE } from './settled-funding-rate.ts';
import { SIGNED_VOLUME } from './signed-volume.ts';
import { STOIKOV_MICROPRICE } from './stoikov-microprice.ts';
import * as momentum from './technical/momentum.ts';
import * as movingAverages from './technical/moving-averages.ts';
import * as oscillators from './technical/oscillators.ts';
import * as statistics from './technical/statistics.ts';
import * as trend from './technical/trend.ts';
import * as volatility from './technical/volatility.ts';
import * as volume from './technical/volume.ts';
import { TIME_TO_FUNDING } from './time-to-funding.ts';
import { TRADE_COUNT } from './trade-count.ts';
import { TRADE_IMBALANCE } from './trade-imbalance.ts';
import { TRADE_INTENSITY } from './trade-intensity.ts';
import { TRADE_SIZE } from './trade-size.ts';
import { TRADE_VOLUME } from './trade-volume.ts';
import { VPIN } from './vpin.ts';
import { WEIGHTED_BOOK_IMBALANCE } from './weighted-book-imbalance.ts';

/** Every feature that Don comes with. */
export const CATALOGUE: readonly FeatureDefinition[] = [
  ...[movingAverages, trend, momentum, oscillators, volatility, volume, statistics].flatMap(
    (group): FeatureDefinition[] => Object.values(group),
  ),
  BOOK_IMBALANCE,
  BOOK_SLOPE,
  DEPTH_BPS,
  DEPTH_LEVELS,
  MICROPRICE,
  MIDPRICE,
  QUEUE_IMBALANCE,
  QUOTED_SPREAD,
  QUOTED_SPREAD_BPS,
  STOIKOV_MICROPRICE,
  WEIGHTED_BOOK_IMBALANCE,
  AMIHUD_ILLIQUIDITY,
  CANCEL_RATE,
  EFFECTIVE_SPREAD,
  HASBROUCK_INFORMATION_SHARE,
  HAWKES_BRANCHING,
  INTEGRATED_ORDER_FLOW_IMBALANCE,
  INTER_TRADE_TIME,
  KYLE_LAMBDA,
  LARGE_TRADES,
  MULTI_LEVEL_ORDER_FLOW_IMBALANCE,
  ORDER_FLOW_IMBALANCE,
  PRICE_IMPACT,
  QUEUE_DEPLETION_TIME,
  REALISED_SPREAD,
  REPLENISH_RATE,
  ROLL_SPREAD,
  SIGNED_VOLUME,
  TRADE_COUNT,
  TRADE_IMBALANCE,
  TRADE_INTENSITY,
  TRADE_SIZE,
  TRADE_VOLUME,
  VPIN,
  BIPOWER_VARIATION,
  JUMP_VARIATION,
  REALIZED_KURTOSIS,
  REALIZED_SKEWNESS,
  REALIZED_VOLATILITY,
  ANNUALISED_FUNDING_RATE,
  BASIS,
  FUNDING_RATE,
  LIQUIDATION_CLUSTERS,
  LIQUIDATIONS,
  MARK_INDEX_SPREAD,
  OPEN_INTEREST,
  OPEN_INTEREST_CHANGE,
  SETTLED_FUNDING_RATE,
  TIME_TO_FUNDING,
  COINTEGRATION_RESIDUAL,
  LEAD_LAG_CORRELATION,
  PAIR_BETA,
  PAIR_SPREAD,
  RELATIVE_STRENGTH,
];

/** The feature of that name; undefined where there is none. */
export function featureNamed(name: string): FeatureDefinition | undefined {
  return CATALOGUE.find((feature) => feature.name === name);
}
