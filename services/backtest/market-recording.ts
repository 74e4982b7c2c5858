import type { Redis } from 'ioredis';
import { LIVE } from '../../streams/keys.ts';
import { listRecordings, type Recording } from '../../streams/recordings.ts';

/** What an exchange can be simulated by, beside candles. */
const MARKET_CHANNELS = ['depth', 'depthSnapshot', 'aggTrade', 'trade'];

/** Whether it holds depth or trades; undefined: it does not say what it holds, as one that is still written. */
export function holdsMarket({ counts }: Pick<Recording, 'counts'>): boolean | undefined {
  return counts === undefined ? undefined : MARKET_CHANNELS.some((channel) => counts[channel]);
}

/**
 * The recording that a run is of where none is named: one that orders can be filled against, and not of funding rates alone;
 * among those that cover the instant an import, else the live one, else the first.
 * @param atUs µs since the epoch; undefined: any
 * @returns undefined where there is none
 */
export async function marketRecording(
  redis: Redis,
  instrument: string,
  atUs: number | undefined,
): Promise<string | undefined> {
  const recordings = await listRecordings(redis, instrument);
  const fit = recordings.filter((known) => holdsMarket(known) !== false || holdsCandles(known));
  if (atUs === undefined) return fit[0]?.recording;
  const covering = fit.filter(({ recording, fromUs, toUs }) =>
    recording === LIVE
      ? atUs >= (fromUs ?? 0)
      : fromUs !== undefined && toUs !== undefined && atUs >= fromUs && atUs <= toUs,
  );
  return (covering.find(({ kind }) => kind === 'import') ?? covering[0])?.recording;
}

function holdsCandles({ counts = {} }: Recording): boolean {
  return Object.keys(counts).some((channel) => channel.startsWith('kline_'));
}
