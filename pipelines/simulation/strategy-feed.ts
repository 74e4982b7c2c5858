import { barClock } from '../../operators/bar-clock.ts';
import type { OrderBook } from '../../operators/book/order-book.ts';
import type { Parameters } from '../../operators/features/definition.ts';
import type { FeatureInput } from '../../operators/features/feature-input.ts';
import { inputsOf } from '../../operators/features/inputs-of.ts';
import { trades } from '../../operators/trades.ts';
import type { MarketEvent } from '../../streams/events/decoder.ts';
import type { Market, Strategy, StrategyDefinition, StrategyEvent } from './strategy.ts';
import { createStrategyFeatures, type StrategyFeatures, strategyFeatureSet } from './strategy-features.ts';

/** What a strategy is told when the time for which it asked has come. */
export const TIMER: StrategyEvent = { type: 'timer' };
const HEARD: StrategyEvent = { type: 'heard' };

/** Tells a strategy of the market, as far as it wants to be told. */
export interface StrategyFeed {
  /** Whether it wants anything but timers: else trades need not even be read. */
  readonly isNeeded: boolean;
  /** @param event which `book` has taken in */
  tell(event: MarketEvent): void;
  /** What it has declared of features; undefined: nothing. */
  readonly features: StrategyFeatures | undefined;
}

export function createStrategyFeed(
  definition: StrategyDefinition,
  parameters: Parameters,
  strategy: Strategy,
  { market, book }: { readonly market: Market; readonly book: OrderBook },
): StrategyFeed {
  const { events, barMs } = definition;
  const set = strategyFeatureSet(definition, parameters);
  const features = set === undefined ? undefined : createStrategyFeatures(set);
  const wanted: ReadonlySet<StrategyEvent['type']> = new Set(events);
  const counts = wanted.has('heard');
  const intervalMs = barMs?.(parameters);
  const bars = intervalMs === undefined ? undefined : barClock({ kind: 'time', intervalMs });
  const barsState = bars?.initialState();
  const tradesState = trades.initialState();

  function tellOf(input: FeatureInput): void {
    features?.tell(input);
    if (bars !== undefined && (input.type === 'trade' || input.type === 'gap')) {
      const bar = bars.project(bars.evolve(barsState!, input), input);
      if (bar?.type === 'bar') strategy.onBar?.(bar, market);
    }
    if (wanted.has(input.type)) strategy.onEvent?.(input, market);
  }

  return {
    features,
    isNeeded: bars !== undefined || features !== undefined || events.some((type) => type !== 'timer'),
    tell(event) {
      const trade = trades.project(trades.evolve(tradesState, event), event);
      for (const input of inputsOf(event, book, trade)) tellOf(input);
      if (counts && (event.type === 'depthUpdate' || event.type === 'trade')) strategy.onEvent?.(HEARD, market);
    },
  };
}
