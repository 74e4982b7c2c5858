import type { Redis } from 'ioredis';
import { decodeEntry } from '../../streams/entry.ts';
import { createDecoder } from '../../streams/events/decoder.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { rawKey } from '../../streams/keys.ts';
import { listRecordings } from '../../streams/recordings.ts';

/** The tick and step size of an instrument; undefined where no recording says them. */
export type FindScale = (instrument: string) => Promise<Scale | undefined>;

/** A recording begins with the instrument's facts. */
const FIRST_ENTRIES = 200;
/** A venue changes its tick size once in years. */
const CACHED_MS = 60_000;

export function createFindScale(redis: Redis): FindScale {
  const cached = new Map<string, { readonly untilMs: number; readonly scale: Scale }>();

  return async (instrument) => {
    const known = cached.get(instrument);
    if (known !== undefined && known.untilMs > performance.now()) return known.scale;
    for (const { recording } of await listRecordings(redis, instrument)) {
      const scale = await scaleOf(redis, rawKey(instrument, recording));
      if (scale === undefined) continue;
      cached.set(instrument, { untilMs: performance.now() + CACHED_MS, scale });
      return scale;
    }
    return undefined;
  };
}

async function scaleOf(redis: Redis, key: string): Promise<Scale | undefined> {
  const decoder = createDecoder();
  for (const [id, pairs] of await redis.xrangeBuffer(key, '-', '+', 'COUNT', FIRST_ENTRIES)) {
    for (const { channel, payload } of decodeEntry(id, pairs).events) {
      if (channel === 'instrument') decoder.decode(channel, payload);
    }
    if (decoder.scale !== undefined) break;
  }
  return decoder.scale;
}
