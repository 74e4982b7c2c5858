import { featureSetKey, featuresKey, isRunId, runKey } from '../../../streams/keys.ts';

/**
 * Streams that clients follow go by name: `simulated:BTCUSDT`, what the deriver derives of an instrument, and
 * `simulated:BTCUSDT:custom_bid-v1`, the rows of a feature set that has a stream of its own; and by the id of a training run.
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
  if (isRunId(name)) return runKey(name);
  const { instrument, set } = parseStreamName(name);
  return set === undefined ? featuresKey(instrument) : featureSetKey(instrument, set);
}

/** Its parts as they are said to clients: a set only where there is one. */
export function describeStream(name: string): Readonly<Record<string, string>> {
  if (isRunId(name)) return { run: name };
  const { instrument, set } = parseStreamName(name);
  return set === undefined ? { instrument } : { instrument, set };
}
