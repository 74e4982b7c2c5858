import type { Redis } from 'ioredis';
import { AVAILABLE_SETS } from '../../../pipelines/feature-sets.ts';
import { getCheckpoint } from '../../../streams/checkpoint.ts';
import { LIVE } from '../../../streams/keys.ts';
import type { BackfilledSet } from '../backfill/backfilled-sets.ts';
import { readPairVersion } from './live-pairs.ts';

/** The sets of two instruments that are derived of an instrument's live recording, as far as they are stored. */
export async function livePairSets(redis: Redis, instrument: string): Promise<BackfilledSet[]> {
  const found: BackfilledSet[] = [];
  for (const { id: set, isOfPair } of AVAILABLE_SETS) {
    const stored = isOfPair ? await getCheckpoint(redis, { instrument, consumer: set }) : undefined;
    if (stored === undefined) continue;
    const { hash, others } = readPairVersion(stored.version);
    for (const other of others)
      found.push({
        set,
        hash,
        other: { instrument: other, recording: LIVE },
        fromUs: null,
        toUs: null,
        lastEntryId: stored.entryId,
      });
  }
  return found;
}
