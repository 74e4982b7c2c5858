import { BadInput } from '../../../infra/setup-error.ts';
import { type BookConfig, checkBookConfig } from '../book/book-config.ts';
import { checkTrainConfig, type TrainConfig } from './train-config.ts';

/** How an agent is trained and judged, on candles or on an order book. */
export type RunConfig = TrainConfig | BookConfig;

/**
 * By its field `environment`: `bars`, as where it is not said, or `book`.
 * @throws BadInput that names the field, what was expected and what was found
 */
export function checkRunConfig(raw: Readonly<Record<string, unknown>>): RunConfig {
  const { environment = 'bars', ...rest } = raw;
  if (environment === 'book') return checkBookConfig(raw);
  if (environment === 'bars') return checkTrainConfig(rest);
  throw new BadInput(`environment: expected bars or book, found ${JSON.stringify(environment)}`);
}
