import type { Model } from './model.ts';

/** What a model decides on, and how often. */
export interface ModelClock {
  readonly environment: 'bars' | 'book';
  /** The candles' length, such as `5m`; on a book `100 ms` or `50 events`. */
  readonly interval: string;
}

export function clockOf(model: Model): ModelClock {
  if (model.environment !== 'book') return { environment: 'bars', interval: model.interval };
  const { every } = model;
  const interval = 'everyMs' in every ? `${every.everyMs} ms` : `${every.everyEvents} events`;
  return { environment: 'book', interval };
}

/** `candles of 5m`, or `the order book each 100 ms`. */
export function clockText({ environment, interval }: ModelClock): string {
  return environment === 'book' ? `the order book each ${interval}` : `candles of ${interval}`;
}
