import type { Market, StrategyDefinition } from '../../pipelines/simulation/strategy.ts';
import { strategyFeatureSet } from '../../pipelines/simulation/strategy-features.ts';

const NAMED = 4;

/**
 * What of its features a strategy waits for: `its features are not valid yet: return_60`. Until all are, the risk limits let
 * nothing through that adds to a position. null: they are, or it wants none.
 */
export function featuresAwaited(
  definition: Pick<StrategyDefinition, 'name' | 'features' | 'barMs'>,
  parameters: Readonly<Record<string, number>>,
  market: Pick<Market, 'areFeaturesValid' | 'feature'>,
): () => string | null {
  const columns = strategyFeatureSet(definition, parameters)?.columns.map(({ name }) => name) ?? [];
  return () => {
    if (market.areFeaturesValid) return null;
    const missing = columns.filter((column) => Number.isNaN(market.feature(column)));
    const others = missing.length - NAMED;
    const rest = others > 0 ? ` and ${others} more` : '';
    return `its features are not valid yet: ${missing.slice(0, NAMED).join(', ')}${rest}`;
  };
}
