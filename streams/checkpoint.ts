import type { Redis } from 'ioredis';
import { type EntryId, parseEntryId } from './id.ts';
import { checkpointKey, checkpointPattern, consumerOf, LIVE } from './keys.ts';

/** Keys looked at in one call. */
const SCAN_COUNT = 1_000;
const FIELDS = ['entryId', 'version', 'state'] as const;

/** How far a consumer has got, and what it needs to go on from there. */
export interface Checkpoint {
  /** Last entry whose results are stored. */
  readonly entryId: EntryId;
  /** Version of the derivation that made the state; a consumer of another version does not use it. */
  readonly version: string;
  /** As bytes: text of it would be megabytes of garbage every few seconds. */
  readonly state: Uint8Array;
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
export async function setCheckpoint(
  redis: Redis,
  { instrument, consumer, recording = LIVE }: CheckpointOwner,
  { entryId, version, state }: Checkpoint,
): Promise<void> {
  parseEntryId(entryId);
  const bytes = Buffer.from(state.buffer, state.byteOffset, state.byteLength);
  const key = checkpointKey(instrument, consumer, recording);
  await redis.hset(key, 'entryId', entryId, 'version', version, 'state', bytes);
}

/**
 * The same, and lets go of the state's memory once it is stored: it is not to be read any more. The collector would come to
 * it only when tens of megabytes of such states are dead.
 */
export async function handOverCheckpoint(redis: Redis, owner: CheckpointOwner, checkpoint: Checkpoint): Promise<void> {
  await setCheckpoint(redis, owner, checkpoint);
  const { buffer, byteLength } = checkpoint.state;
  // Only once the answer is there: a connection that failed may still be sending it. And none that is a part of another.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/**
 * The consumer's checkpoint; undefined where it has none. The state is as it was stored: its version says its shape.
 * @throws Error that names the key, where it holds something else
 */
export async function getCheckpoint(
  redis: Redis,
  { instrument, consumer, recording = LIVE }: CheckpointOwner,
): Promise<Checkpoint | undefined> {
  const key = checkpointKey(instrument, consumer, recording);
  const found = await redis.hmgetBuffer(key, ...FIELDS).catch((error: Error) => dropText(redis, key, error));
  if (found.every((value) => value === null)) return undefined;
  const [entryId, version, state] = found;
  if (entryId == null || version == null || state == null) {
    const missing = FIELDS.filter((_, n) => found[n] == null);
    throw new Error(`${key}: expected ${FIELDS.join(', ')}, found no ${missing.join(', ')}`);
  }
  parseEntryId(entryId.toString());
  return { entryId: entryId.toString(), version: version.toString(), state };
}

/** The first versions of Don stored a text, which is of no version that could be used. */
async function dropText(redis: Redis, key: string, error: Error): Promise<null[]> {
  if (!error.message.startsWith('WRONGTYPE')) throw error;
  await redis.del(key);
  return FIELDS.map(() => null);
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
    const pattern = checkpointPattern(instrument);
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT, 'TYPE', 'hash');
    for (const key of keys) {
      const consumer = consumerOf(key, instrument, recording);
      const entryId = consumer === undefined ? null : await redis.hget(key, 'entryId');
      if (entryId === null) continue;
      parseEntryId(entryId);
      checkpoints.set(consumer!, entryId);
    }
    cursor = next;
  } while (cursor !== '0');
  return checkpoints;
}
