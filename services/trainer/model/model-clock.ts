import { bookClock } from '../book/book-clock.ts';
import type { RunConfig } from '../run/run-config.ts';
import type { Model } from './model.ts';

/** What an agent decides on, and how often. */
export interface AgentClock {
  readonly environment: 'bars' | 'book';
  /** The candles' length, such as `5m`; on a book `100 ms` or `50 events`. */
  readonly interval: string;
}

export function clockOf(of: Model | RunConfig): AgentClock {
  if (!('every' in of)) return { environment: 'bars', interval: of.interval };
  const clock = bookClock(of.every);
  return { environment: 'book', interval: 'everyMs' in clock ? `${clock.everyMs} ms` : `${clock.everyEvents} events` };
}

/** `candles of 5m`, or `the order book each 100 ms`. */
export function clockText({ environment, interval }: AgentClock): string {
  return environment === 'book' ? `the order book each ${interval}` : `candles of ${interval}`;
}
