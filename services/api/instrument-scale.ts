import type { Redis } from 'ioredis';
import { decodeEntry } from '../../streams/entry.ts';
import { decodeInstrumentInfo, type InstrumentInfo } from '../../streams/events/instrument-info.ts';
import type { Scale } from '../../streams/events/scale.ts';
import { rawKey } from '../../streams/keys.ts';
import { listRecordings, type Recording } from '../../streams/recordings.ts';

/** The tick and step size of an instrument; undefined where no recording says them. */
export type FindScale = (instrument: string) => Promise<Scale | undefined>;

/** A recording begins with the instrument's facts. */
const FIRST_ENTRIES = 200;
/** A venue changes its tick size once in years. */
const CACHED_MS = 60_000;

/** What the venue said of them comes before what an import inferred, and that of mark prices, which lie between ticks, last. */
export function createFindScale(redis: Redis): FindScale {
  const cached = new Map<string, { readonly untilMs: number; readonly scale: Scale }>();

  return async (instrument) => {
    const known = cached.get(instrument);
    if (known !== undefined && known.untilMs > performance.now()) return known.scale;
    let best: { readonly rank: number; readonly scale: Scale } | undefined;
    for (const recording of await listRecordings(redis, instrument)) {
      const info = await firstInfo(redis, rawKey(instrument, recording.recording));
      if (info === undefined) continue;
      const rank = !info.isInferred ? 0 : isOfMarkPrices(recording) ? 2 : 1;
      if (best === undefined || rank < best.rank) best = { rank, scale: info.scale };
      if (rank === 0) break;
    }
    if (best !== undefined) cached.set(instrument, { untilMs: performance.now() + CACHED_MS, scale: best.scale });
    return best?.scale;
  };
}

function isOfMarkPrices({ counts = {} }: Recording): boolean {
  return counts['markPrice'] !== undefined && Object.keys(counts).every((name) => OF_NO_ORDER.has(name));
}

const OF_NO_ORDER: ReadonlySet<string> = new Set(['instrument', 'markPrice', 'gap']);

async function firstInfo(redis: Redis, key: string): Promise<InstrumentInfo | undefined> {
  for (const [id, pairs] of await redis.xrangeBuffer(key, '-', '+', 'COUNT', FIRST_ENTRIES))
    for (const { channel, payload } of decodeEntry(id, pairs).events)
      if (channel === 'instrument') return decodeInstrumentInfo(payload);
  return undefined;
}
