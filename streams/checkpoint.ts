import type { Redis } from 'ioredis';
import { type EntryId, parseEntryId } from './id.ts';
import { checkpointKey, checkpointPattern, consumerOf, LIVE } from './keys.ts';

/** Keys looked at in one call. */
const SCAN_COUNT = 1_000;

/** How far a consumer has got, and what it needs to go on from there. */
export interface Checkpoint<State> {
  /** Last entry whose results are stored. */
  readonly entryId: EntryId;
  /** Version of the derivation that made the state; a consumer of another version does not use it. */
  readonly version: string;
  /** Any JSON value. */
  readonly state: State;
}

/** Whose checkpoint. */
export interface CheckpointOwner {
  /** `venue:SYMBOL` */
  readonly instrument: string;
  readonly consumer: string;
  /** `live` if not said. */
  readonly recording?: string;
}

/** Stores the checkpoint in place of the one before. To be called when all results up to the entry are stored. */
export async function setCheckpoint<State>(
  redis: Redis,
  { instrument, consumer, recording = LIVE }: CheckpointOwner,
  checkpoint: Checkpoint<State>,
): Promise<void> {
  parseEntryId(checkpoint.entryId);
  await redis.set(checkpointKey(instrument, consumer, recording), JSON.stringify(checkpoint));
}

/** The consumer's checkpoint; undefined where it has none. The state is as it was stored: its version says its shape. */
export async function getCheckpoint(
  redis: Redis,
  { instrument, consumer, recording = LIVE }: CheckpointOwner,
): Promise<Checkpoint<unknown> | undefined> {
  const key = checkpointKey(instrument, consumer, recording);
  const text = await redis.get(key);
  if (text === null) return undefined;
  const { entryId, version, state } = JSON.parse(text) as Checkpoint<unknown>;
  if (typeof entryId !== 'string' || typeof version !== 'string')
    throw new Error(`${key}: expected {entryId, version, state}, found ${text.slice(0, 80)}`);
  parseEntryId(entryId);
  return { entryId, version, state };
}

/** Makes the consumer begin anew. */
export async function deleteCheckpoint(
  redis: Redis,
  { instrument, consumer, recording = LIVE }: CheckpointOwner,
): Promise<void> {
  await redis.del(checkpointKey(instrument, consumer, recording));
}

/** Every consumer of the recording that has a checkpoint, and its entry. Looks at one node of a cluster only. */
export async function listCheckpoints(
  redis: Redis,
  instrument: string,
  recording: string = LIVE,
): Promise<ReadonlyMap<string, EntryId>> {
  const checkpoints = new Map<string, EntryId>();
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', checkpointPattern(instrument), 'COUNT', SCAN_COUNT);
    for (const key of keys) {
      const consumer = consumerOf(key, instrument, recording);
      const checkpoint =
        consumer === undefined ? undefined : await getCheckpoint(redis, { instrument, consumer, recording });
      if (checkpoint !== undefined) checkpoints.set(consumer!, checkpoint.entryId);
    }
    cursor = next;
  } while (cursor !== '0');
  return checkpoints;
}
