import { featureSetKey, featuresKey } from '../../../streams/keys.ts';

/**
 * Streams that clients follow go by name: `simulated:BTCUSDT`, what the deriver derives of an instrument, and
 * `simulated:BTCUSDT:custom_bid-v1`, the rows of a feature set that has a stream of its own.
 */
export interface StreamParts {
  readonly instrument: string;
  /** undefined: the deriver's stream. */
  readonly set: string | undefined;
}

export function parseStreamName(name: string): StreamParts {
  const [venue = '', symbol, ...rest] = name.split(':');
  const instrument = symbol === undefined ? venue : `${venue}:${symbol}`;
  return { instrument, set: rest.length === 0 ? undefined : rest.join(':') };
}

/** The key of the stream in Redis. */
export function streamKey(name: string): string {
  const { instrument, set } = parseStreamName(name);
  return set === undefined ? featuresKey(instrument) : featureSetKey(instrument, set);
}

/** Its parts as they are said to clients: a set only where there is one. */
export function describeStream(name: string): Readonly<Record<string, string>> {
  const { instrument, set } = parseStreamName(name);
  return set === undefined ? { instrument } : { instrument, set };
}
