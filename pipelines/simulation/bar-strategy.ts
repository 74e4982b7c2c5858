import type { Parameters } from '../../operators/features/definition.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { createBarAggregate } from './bar-aggregate.ts';
import { createBarInputs } from './bar-inputs.ts';
import type { BarMarket } from './bar-market.ts';
import type { Strategy, StrategyDefinition } from './strategy.ts';
import { createStrategyFeatures, type StrategyFeatures, strategyFeatureSet } from './strategy-features.ts';
import { TIMER } from './strategy-feed.ts';

/** A strategy that is told of candles: as of bars of the length that it wants, behind its features. */
export interface BarStrategy {
  readonly strategy: Strategy;
  /** undefined: it has declared none. */
  readonly features: StrategyFeatures | undefined;
  /** At a candle's close: prices in ticks, volume in steps. */
  tell(
    openTimeMs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
    market: BarMarket,
  ): void;
}

/** @param intervalMs length of a candle */
export function createBarStrategy(
  definition: StrategyDefinition,
  parameters: Parameters,
  { intervalMs, scale }: { readonly intervalMs: number; readonly scale: Scale },
): BarStrategy {
  const strategy: Strategy = definition.create(parameters);
  const barMs = definition.barMs?.(parameters);
  const everyMs = definition.everyMs?.(parameters);
  const set = strategyFeatureSet(definition, parameters);
  const features = set === undefined ? undefined : createStrategyFeatures(set);
  features?.tell({ type: 'instrument', symbol: '', scale, isInferred: false });
  const tellFeatures = features === undefined ? undefined : createBarInputs(features.tell);
  const aggregate = barMs === undefined ? undefined : createBarAggregate(barMs, intervalMs);
  return {
    strategy,
    features,
    tell(openTimeMs, open, high, low, close, volume, market) {
      const bar = aggregate?.add(openTimeMs, open, high, low, close, volume);
      if (bar !== undefined) {
        if (tellFeatures !== undefined) {
          tellFeatures(bar);
          market.areFeaturesValid = features!.areValid;
        }
        strategy.onBar?.(bar, market);
      }
      if (everyMs !== undefined && (openTimeMs + intervalMs) % everyMs === 0) strategy.onEvent?.(TIMER, market);
    },
  };
}
