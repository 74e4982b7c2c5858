import type { Parameters } from '../../operators/features/definition.ts';
import type { FeatureSet, UsedFeature } from '../../operators/features/resolve-feature-set.ts';
import type { StrategyDefinition } from './strategy.ts';
import { strategyFeatureSet } from './strategy-features.ts';

/** A feature that forgets slowly, as one that is smoothed does, is told of so many times its warm-up. */
const WARM_UPS = 2;

/**
 * How long before it trades a strategy has to be told of the market, ms, for its features to be warm by then; 0 where it
 * declares none.
 */
export function strategyWarmUpMs(
  definition: Pick<StrategyDefinition, 'name' | 'features' | 'barMs'>,
  parameters: Parameters,
): number {
  const set = strategyFeatureSet(definition, parameters);
  return set === undefined ? 0 : WARM_UPS * Math.max(...set.features.map((_, n) => warmUpMs(set, n)));
}

/** How long a column of a set takes, from where it is told of the market, until it has a value, ms; 0 where nobody knows. */
export function columnWarmUpMs(set: FeatureSet, column: number): number {
  return warmUpMs(set, featureOfColumn(set, column));
}

/** Of the n-th feature of a set, with that of the column which it is of. */
function warmUpMs(set: FeatureSet, n: number): number {
  const { definition, parameters, of } = set.features[n]!;
  const { count, of: unit } = definition.warmUp(parameters);
  // Of a clock of bars of another kind nobody knows how long they last.
  const barMs = set.clock.kind === 'time' ? set.clock.intervalMs : 0;
  const own = unit === 'bars' ? count * barMs : unit === 'ms' ? count : 0;
  return own + (of === null ? 0 : warmUpMs(set, featureOfColumn(set, of)));
}

function featureOfColumn({ features }: FeatureSet, column: number): number {
  let [n, seen] = [0, widthOf(features[0]!)];
  while (seen <= column) seen += widthOf(features[++n]!);
  return n;
}

function widthOf({ outputs }: UsedFeature): number {
  return outputs.length;
}
