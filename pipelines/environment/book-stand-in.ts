import { defineStrategy, type StrategyDefinition, type StrategyFill } from '../simulation/strategy.ts';
import type { WantedFeature } from '../simulation/strategy-features.ts';
import type { DecisionClock } from './decision-clock.ts';

export interface StandInOptions {
  readonly clock: DecisionClock;
  readonly features: readonly WantedFeature[];
  readonly onTimer: (timeUs: number) => void;
  readonly onFill: (fill: StrategyFill, timeUs: number) => void;
}

/** The strategy in whose place an environment decides: it sends nothing by itself. */
export function standIn({ clock, features, onTimer, onFill }: StandInOptions): StrategyDefinition {
  const isTimed = 'everyMs' in clock;
  return defineStrategy({
    name: 'agent',
    title: 'Agent',
    says: 'what an agent decides',
    parameters: {},
    // By the clock of events each trade is to be heard: else they are passed over together.
    events: [isTimed ? 'timer' : 'trade'],
    ...(isTimed ? { everyMs: () => clock.everyMs } : {}),
    features,
    create: () => ({
      onEvent(event, market) {
        if (event.type === 'timer') onTimer(market.timeUs);
      },
      onFill: (fill, market) => onFill(fill, market.timeUs),
    }),
  });
}
