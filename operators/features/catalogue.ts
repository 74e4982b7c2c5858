import type { FeatureDefinition } from './definition.ts';
import { MICROPRICE } from './microprice.ts';
import { MIDPRICE } from './midprice.ts';
import { ORDER_FLOW_IMBALANCE } from './order-flow-imbalance.ts';
import { QUEUE_IMBALANCE } from './queue-imbalance.ts';
import { QUOTED_SPREAD } from './quoted-spread.ts';
import { REALIZED_VOLATILITY } from './realized-volatility.ts';
import * as momentum from './technical/momentum.ts';
import * as movingAverages from './technical/moving-averages.ts';
import * as volatility from './technical/volatility.ts';
import * as volume from './technical/volume.ts';
import { TRADE_IMBALANCE } from './trade-imbalance.ts';

/** Every feature that Don comes with. */
export const CATALOGUE: readonly FeatureDefinition[] = [
  ...[movingAverages, momentum, volatility, volume].flatMap((group): FeatureDefinition[] => Object.values(group)),
  MIDPRICE,
  MICROPRICE,
  QUOTED_SPREAD,
  QUEUE_IMBALANCE,
  ORDER_FLOW_IMBALANCE,
  TRADE_IMBALANCE,
  REALIZED_VOLATILITY,
];

/** The feature of that name; undefined where there is none. */
export function featureNamed(name: string): FeatureDefinition | undefined {
  return CATALOGUE.find((feature) => feature.name === name);
}
