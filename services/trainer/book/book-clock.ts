import type { DecisionClock } from '../../../pipelines/environment/decision-clock.ts';
import type { BookConfig } from './book-config.ts';

/** When decisions are due, as the environment says it. @param every as it does already, or as a config does */
export function bookClock(every: BookConfig['every'] | DecisionClock): DecisionClock {
  if ('ms' in every) return { everyMs: every.ms };
  return 'events' in every ? { everyEvents: every.events } : every;
}
