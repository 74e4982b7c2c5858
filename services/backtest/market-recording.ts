import type { Redis } from 'ioredis';
import { LIVE } from '../../streams/keys.ts';
import { listRecordings, type Recording } from '../../streams/recordings.ts';

/** What an exchange can be simulated by, beside candles. */
const MARKET_CHANNELS = ['depth', 'depthSnapshot', 'aggTrade', 'trade'];

/** Whether it holds depth or trades; undefined: it does not say what it holds, as one that is still written. */
export function holdsMarket({ counts }: Pick<Recording, 'counts'>): boolean | undefined {
  return counts === undefined ? undefined : MARKET_CHANNELS.some((channel) => counts[channel]);
}

/** µs since the epoch; undefined: without an end. */
export interface WantedSpan {
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

/**
 * The recording that a run is of where none is named: one that orders can be filled against, and not of funding rates alone,
 * with something in the span; among those that hold its beginning an import, else the live one, else that which begins first.
 * @returns undefined where there is none
 */
export async function marketRecording(
  redis: Redis,
  instrument: string,
  { fromUs, toUs = Number.POSITIVE_INFINITY }: WantedSpan,
): Promise<string | undefined> {
  const recordings = await listRecordings(redis, instrument);
  const fit = recordings.filter((known) => holdsMarket(known) !== false || holdsCandles(known));
  if (fromUs === undefined) return fit.find((known) => beginUs(known) <= toUs)?.recording;
  const within = fit.filter((known) => beginUs(known) <= toUs && endUs(known) >= fromUs);
  const [first] = within.toSorted((one, other) => {
    const holds = (known: Recording): number => Number(beginUs(known) <= fromUs);
    const isImport = ({ kind }: Recording): number => Number(kind === 'import');
    return (
      holds(other) - holds(one) || (holds(one) === 1 ? isImport(other) - isImport(one) : beginUs(one) - beginUs(other))
    );
  });
  return first?.recording;
}

function beginUs({ recording, fromUs }: Recording): number {
  return fromUs ?? (recording === LIVE ? 0 : Number.POSITIVE_INFINITY);
}

function endUs({ recording, toUs }: Recording): number {
  return recording === LIVE ? Number.POSITIVE_INFINITY : (toUs ?? Number.NEGATIVE_INFINITY);
}

function holdsCandles({ counts = {} }: Recording): boolean {
  return Object.keys(counts).some((channel) => channel.startsWith('kline_'));
}
