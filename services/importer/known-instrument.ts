import type { Redis } from 'ioredis';
import { decodeInstrumentInfo } from '../../streams/events/instrument-info.ts';
import { LIVE } from '../../streams/keys.ts';
import { replay } from '../../streams/replay.ts';
import type { Sizes } from './payload-check.ts';

/** What the venue says of an instrument. */
export interface KnownInstrument {
  /** The exact payload of the `instrument` event. */
  readonly payload: string;
  readonly sizes: Sizes;
}

/**
 * What the live recording says of the instrument, where there is one and every number of the file fits its sizes, which
 * may have changed since the file was recorded.
 *
 * @param inferred sizes of which all numbers of the file are multiples
 */
export async function knownInstrument(
  redis: Redis,
  instrument: string,
  inferred: Sizes,
): Promise<KnownInstrument | undefined> {
  const payload = await firstInstrument(redis, instrument);
  if (payload === undefined) return undefined;
  const { scale, isInferred } = decodeInstrumentInfo(payload);
  const fits = isMultiple(inferred.tickSize, scale.price) && isMultiple(inferred.stepSize, scale.qty);
  if (isInferred || !fits) return undefined;
  return { payload: payload.toString(), sizes: { tickSize: scale.price.size, stepSize: scale.qty.size } };
}

/** A recorder writes it before the first price, so it stands on the first page. */
async function firstInstrument(redis: Redis, instrument: string): Promise<Buffer | undefined> {
  for await (const page of replay({ redis, instrument, recording: LIVE }))
    return page.flatMap(({ events }) => events).find(({ channel }) => channel === 'instrument')?.payload;
  return undefined;
}

function isMultiple(size: string, grid: { read(bytes: Uint8Array, start: number, end: number): number }): boolean {
  const bytes = Buffer.from(size);
  return !Number.isNaN(grid.read(bytes, 0, bytes.length));
}
